using Lekhika.Api.Executions;
using Lekhika.Core.Executions;
using Lekhika.Core.Executions.Submissions;
using Lekhika.Persistence.Views;

namespace Lekhika.Api.Runs;

/// <summary>Runs in the words of <c>/v1</c>.</summary>
internal static class RunAnswers
{
    private const string NoBatch = "The model of the chapters has no batch interface, so they are written at normal speed and price.";

    public static string Path(Guid executionId) => $"/v1/executions/{executionId}";

    public static RunEntry Entry(RunView run)
    {
        var row = run.Summary;
        return new(
            row.Id, row.Title, row.Status.Word(), Math.Round(row.Progress, 1), row.CurrentStep, row.Words, new ChapterCount(row.ChaptersDone, row.ChaptersTotal),
            RunPace.WordsPerSecond(row.Words, run.Worked), RunPace.SecondsLeft(row.Status, row.Progress, run.Worked), new TokenCount(row.InputTokens, row.OutputTokens),
            run.PauseRequested, run.Attempt, run.Priority, run.ConcurrencyKey, run.ForkedFrom, run.WorkflowVersionId, run.Error,
            RunSpeed.Word(run.EconomyHours), run.EconomyHours, run.WaitsForBatch, run.HasNoBatch ? NoBatch : null,
            row.CreatedAt, run.QueuedAt, row.StartedAt, row.FinishedAt, new ExecutionMetadata(row.EngineId, row.UserEngineId, row.EngineName));
    }

    public static RunAnswer Answer(RunDetails details) => new(
        Entry(details.Run),
        details.Book is { } book ? new RunBook(book.Version, book.Title, book.Words, book.Chapters, book.AiService, book.IsPartial) : null,
        ExecutionAnswers.Formats(details.Files));
}
