using Lekhika.Api.Executions;
using Lekhika.Core.Executions;

namespace Lekhika.Api.Runs;

/// <summary>A page of the caller's executions with their figures.</summary>
/// <param name="NextCursor">For the next page; null on the last one.</param>
internal sealed record RunPage(IReadOnlyList<RunEntry> Executions, string? NextCursor);

/// <summary>An execution in a list, with its exact state.</summary>
/// <param name="Status">queued, running, paused, stopping, exporting, completed, stopped or failed.</param>
/// <param name="Progress">0 to 100.</param>
/// <param name="CurrentStep">For people.</param>
/// <param name="Words">Written so far.</param>
/// <param name="WordsPerSecond">By the time that workers have held it; null before one has.</param>
/// <param name="SecondsLeft">At the pace so far; null when it does not run, or has hardly begun.</param>
/// <param name="PauseRequested">Whether it pauses as soon as what is in flight has ended.</param>
/// <param name="Attempt">How often a worker has taken it.</param>
/// <param name="ForkedFrom">The execution whose finished steps it started with.</param>
/// <param name="ConcurrencyKey">Of the executions with the same key one works at a time.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="Speed">standard or economy.</param>
/// <param name="EconomyHours">With economy: how long a chapter may wait for its batch.</param>
/// <param name="WaitsForBatch">Whether it is paused until a batch is answered, and goes on by itself.</param>
/// <param name="SpeedNote">Why an economy execution runs at normal speed; null when it does not.</param>
/// <param name="QueuedAt">When it last began to wait for a worker.</param>
/// <param name="CompletedAt">When it ended, however it did.</param>
internal record RunEntry(
    Guid ExecutionId, string Title, string Status, double Progress, string CurrentStep, int Words, ChapterCount Chapters,
    double? WordsPerSecond, long? SecondsLeft, TokenCount Tokens, bool PauseRequested, int Attempt, int Priority, string? ConcurrencyKey,
    Guid? ForkedFrom, Guid WorkflowVersionId, RunError? Error,
    string Speed, int? EconomyHours, bool WaitsForBatch, string? SpeedNote,
    DateTime CreatedAt, DateTime QueuedAt, DateTime? StartedAt, DateTime? CompletedAt, ExecutionMetadata Metadata);

/// <summary>An execution with what there is of its book.</summary>
internal sealed record RunAnswer : RunEntry
{
    public RunAnswer(RunEntry run, RunBook? book, IReadOnlyDictionary<string, FormatAnswer> formats)
        : base(run) => (Book, Formats) = (book, formats);

    /// <summary>The newest; null until the manuscript is compiled.</summary>
    public RunBook? Book { get; }

    /// <summary>By key: the newest order's file of each format; empty until the manuscript is compiled.</summary>
    public IReadOnlyDictionary<string, FormatAnswer> Formats { get; }
}

/// <summary>The newest book of an execution.</summary>
/// <param name="Version">How often the manuscript has been compiled.</param>
/// <param name="AiService">Who wrote it.</param>
/// <param name="Partial">Whether chapters of the outline are missing.</param>
internal sealed record RunBook(int Version, string Title, int Words, int Chapters, string AiService, bool Partial);
