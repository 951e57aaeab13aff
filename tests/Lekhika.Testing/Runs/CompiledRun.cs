using Lekhika.Core.Exports;

namespace Lekhika.Testing.Runs;

/// <summary>Puts a run into the state in which a worker leaves it: the book compiled, the formats asked for.</summary>
public static class CompiledRun
{
    /// <summary>Gives a queued run three short chapters, a book and an export job for each of its formats.</summary>
    public static async Task<QueuedRun> CompileAsync(this QueuedRun run)
    {
        for (var number = 1; number <= 3; number++)
        {
            await run.Database.ExecuteAsync("""
                INSERT INTO chapter_versions (execution_id, number, version, user_id, title, content, words, node_id) VALUES ($1, $2, 1, $3, $4, $5, 12, 'writer-1')
                """, run.Id, number, run.UserId, $"Part {number} of the Way", ScriptedBook.Chapter(number));
        }

        await run.Database.ExecuteAsync("""
            INSERT INTO books (id, execution_id, user_id, title, author, language, ai_service, words, chapters, colophon)
            VALUES (gen_random_uuid(), $1, $2, $3, 'A. Tester', 'en', 'scripted-1', 36,
                '[{"number": 1, "version": 1}, {"number": 2, "version": 1}, {"number": 3, "version": 1}]', '["Written by a script."]')
            """, run.Id, run.UserId, run.Brief.Title);
        await run.Database.ExecuteAsync("UPDATE engine_executions SET status = 'exporting', progress = 86 WHERE id = $1", run.Id);
        await run.Database.ExecuteAsync("""
            INSERT INTO export_jobs (id, execution_id, user_id, order_no, format, uses_pages, settings)
            SELECT gen_random_uuid(), e.id, e.user_id, 1, f, f = ANY($2), '{"pageSize": "5.5x8.5", "bodyFontSize": 10.5, "includeContents": true}'
            FROM engine_executions e, unnest(e.formats) f WHERE e.id = $1
            """, run.Id, ExportFormat.Known.Where(format => format.UsesPages).Select(format => format.Key).ToArray());
        return run;
    }
}
