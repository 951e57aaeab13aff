using Lekhika.Core.Executions;
using Lekhika.Persistence.Submissions;

namespace Lekhika.Persistence.Views;

/// <summary>A run in a list of <c>/v1</c>: the small row, and how workers stand to it.</summary>
/// <param name="Worked">How long workers have held it so far.</param>
/// <param name="Attempt">How often a worker has taken it.</param>
/// <param name="ForkedFrom">The run whose finished steps it started with.</param>
/// <param name="EconomyHours">How long calls may wait for a batch; null at normal speed.</param>
/// <param name="WaitsForBatch">Whether it rests until a batch is answered.</param>
/// <param name="HasNoBatch">Whether chapters of an economy run were asked for, and none in a batch.</param>
public sealed record RunView(
    ExecutionSummary Summary,
    TimeSpan Worked,
    bool PauseRequested,
    int Attempt,
    int Priority,
    string? ConcurrencyKey,
    Guid? ForkedFrom,
    Guid WorkflowVersionId,
    DateTime QueuedAt,
    RunError? Error,
    int? EconomyHours,
    bool WaitsForBatch,
    bool HasNoBatch);

/// <summary>A run with its newest book and the newest order's job of each format.</summary>
public sealed record RunDetails(RunView Run, BookView? Book, IReadOnlyList<FormatState> Files);

/// <summary>The newest book of a run.</summary>
/// <param name="Version">From 1: how often the manuscript has been compiled.</param>
/// <param name="IsPartial">Chapters of the outline are missing.</param>
public sealed record BookView(int Version, string Title, int Words, int Chapters, string AiService, bool IsPartial);
