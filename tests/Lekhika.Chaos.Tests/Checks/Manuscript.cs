using Lekhika.Testing.Runs;

namespace Lekhika.Chaos.Tests.Checks;

/// <summary>A finished book to the letter, and all else that must not depend on who was disturbed.</summary>
/// <param name="Text">Every chapter's newest version.</param>
/// <param name="Facts">One line each: the status row, the book, its chapters, the steps, the formats.</param>
internal sealed record Manuscript(string Text, string Facts)
{
    private const int Shown = 8;

    // Not in it: ids, times, attempts; tokens, because a continued chapter is asked for with another prompt.
    private const string FactsSql = """
        SELECT string_agg(fact, E'\n' ORDER BY fact) FROM (
            SELECT 'run: ' || status || ', ' || round(progress) || ' %, ' || words || ' words, ' || chapters_done || ' of ' || chapters_total || ' chapters, error ' || coalesce(error::text, 'none') AS fact
            FROM engine_executions WHERE id = $1
            UNION ALL
            SELECT 'book: ' || concat_ws(' | ', title, subtitle, author, language, description, ai_service, words, chapters, colophon) FROM books WHERE execution_id = $1
            UNION ALL
            SELECT 'chapter ' || number || ' version ' || version || ': ' || title || ', ' || words || ' words, by ' || node_id FROM chapter_versions WHERE execution_id = $1
            UNION ALL
            SELECT 'step ' || concat_ws('/', node_id, item, generation) || ': ' || kind || ' by ' || coalesce(model, 'nobody') FROM node_outputs WHERE execution_id = $1
            UNION ALL
            SELECT 'step.completed ' || concat_ws('/', node_id, item, generation) || ' times ' || count(*) FROM execution_events WHERE execution_id = $1 AND type = 'step.completed' GROUP BY node_id, item, generation
            UNION ALL
            SELECT 'format ' || format || ' of order ' || order_no || ': ' || status FROM export_jobs WHERE execution_id = $1
        ) facts
        """;

    public static async Task<Manuscript> ReadAsync(QueuedRun run) => new(await run.TextAsync(), await run.AskAsync<string>(FactsSql) ?? "");

    /// <summary>Each difference from the undisturbed book in a sentence.</summary>
    public IEnumerable<string> DifferencesFrom(Manuscript undisturbed)
    {
        if (!string.Equals(Text, undisturbed.Text, StringComparison.Ordinal))
        {
            var at = Text.Zip(undisturbed.Text).TakeWhile(pair => pair.First == pair.Second).Count();
            yield return $"The manuscript differs from the undisturbed one at character {at}: \"{Around(Text, at)}\" instead of \"{Around(undisturbed.Text, at)}\".";
        }

        var (mine, theirs) = (Facts.Split('\n'), undisturbed.Facts.Split('\n'));
        var differences = mine.Except(theirs).Select(fact => $"Not in the undisturbed run: {fact}")
            .Concat(theirs.Except(mine).Select(fact => $"Only in the undisturbed run: {fact}")).ToList();
        foreach (var difference in differences.Take(Shown))
        {
            yield return difference;
        }

        if (differences.Count > Shown)
        {
            yield return $"… and {differences.Count - Shown} more differences.";
        }
    }

    private static string Around(string text, int at) => text.Substring(Math.Max(0, at - 20), Math.Min(60, text.Length - Math.Max(0, at - 20))).ReplaceLineEndings("¶");
}
