using Lekhika.Run.Api;

namespace Lekhika.Run.Books;

/// <summary>Whether a run ended as it should have.</summary>
internal static class BookFailure
{
    /// <summary>A sentence about what went wrong; null when every format asked for is there.</summary>
    public static string? Of(Execution run, IReadOnlyList<string> formats)
    {
        if (run.Status is "paused" or "stopped")
        {
            return $"The run was {run.Status} before the book was finished (execution {run.ExecutionId}).";
        }

        if (run.Status != "completed")
        {
            return $"The book was not finished ({run.Status}): {ApiError.Sentence(run.Error) ?? "no reason was given"}";
        }

        var failed = BookStages.Of(run, formats).TakeLast(formats.Count).Where(stage => stage.State != StageState.Done).ToList();
        return failed.Count == 0 ? null : "The book is written, but " + string.Join("; ", failed.Select(stage => $"{stage.Name} failed: {stage.Detail}"));
    }
}
