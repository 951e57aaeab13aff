using Lekhika.Core.Executions;
using Lekhika.Persistence.Submissions;
using Lekhika.Worker.Internal.Http;

namespace Lekhika.Worker.Internal.Runs;

/// <summary>How a run stands.</summary>
internal sealed record StatusAnswer(Guid ExecutionId, RunStanding Status) : Answer;

/// <summary>A run's small status row, in the original's words.</summary>
/// <param name="Status">queued, processing, paused, completed, failed or stopped.</param>
/// <param name="State">The same more exactly: a word of docs/state-machine.md.</param>
/// <param name="Progress">0 to 100.</param>
/// <param name="CurrentStep">For people.</param>
/// <param name="TotalChapters">Null until the outline is there.</param>
/// <param name="EndTime">When it ended, however it did; null before.</param>
internal sealed record RunStanding(
    string Status, string State, double Progress, string CurrentStep, int Words, int ChaptersGenerated, int? TotalChapters, TokenCount Tokens,
    RunError? Error, DateTime? StartTime, DateTime? EndTime)
{
    public static RunStanding Of(ExecutionDetails details)
    {
        var run = details.Summary;
        return new(
            run.Status.PublicWord(), run.Status.Word(), Math.Round(run.Progress, 1), run.CurrentStep, run.Words, run.ChaptersDone, run.ChaptersTotal,
            new(run.InputTokens, run.OutputTokens), details.Error, run.StartedAt, run.FinishedAt);
    }
}

/// <summary>Tokens that models have read and written.</summary>
internal sealed record TokenCount(long Input, long Output);
