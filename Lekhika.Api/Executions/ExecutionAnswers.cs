using Lekhika.Api.Files;
using Lekhika.Core.Executions;
using Lekhika.Core.Exports;
using Lekhika.Persistence.Submissions;

namespace Lekhika.Api.Executions;

/// <summary>Runs in the words of <c>engines-api</c>.</summary>
internal static class ExecutionAnswers
{
    public static ExecutionEntry Entry(ExecutionSummary run) => new(
        run.Id, run.Status.PublicWord(), Percent(run), run.CurrentStep, run.Title, run.Words, Chapters(run),
        run.CreatedAt, run.StartedAt, run.FinishedAt, Metadata(run));

    public static ExecutionAnswer Answer(ExecutionDetails details)
    {
        var run = details.Summary;
        var book = details.Book;
        return new(
            run.Id, run.Status.PublicWord(), Percent(run), run.CurrentStep, run.Words, Chapters(run), new TokenCount(run.InputTokens, run.OutputTokens),
            new ExecutionResult(book?.Title ?? run.Title, book is null ? null : new BookAnswer(book.Words, book.Chapters, book.AiService), Formats(details.Files)),
            details.Error, run.CreatedAt, run.StartedAt, run.FinishedAt, Metadata(run));
    }

    /// <summary>What there is of each format, in the order in which formats are made.</summary>
    public static OrderedDictionary<string, FormatAnswer> Formats(IReadOnlyList<FormatState> files)
    {
        var byFormat = files.ToDictionary(file => file.Format);
        return new(ExportFormat.Known.Where(format => byFormat.ContainsKey(format.Key))
            .Select(format => KeyValuePair.Create(format.Key, Format(byFormat[format.Key]))));
    }

    private static FormatAnswer Format(FormatState state)
    {
        var preflight = state.Check is { } check ? new PreflightCounts(check.IsComplete, check.Errors, check.Warnings, check.NotChecked) : null;
        return state.File is { } file
            ? new(state.Status, FileEndpoints.ContentPath(file.Id), file.Name, file.Bytes, file.MediaType, Convert.ToHexStringLower(file.Sha256), Preflight: preflight)
            : new(state.Status, Error: state.Error, Preflight: preflight);
    }

    private static double Percent(ExecutionSummary run) => Math.Round(run.Progress, 1);

    private static ChapterCount Chapters(ExecutionSummary run) => new(run.ChaptersDone, run.ChaptersTotal);

    private static ExecutionMetadata Metadata(ExecutionSummary run) => new(run.EngineId, run.UserEngineId, run.EngineName);
}
