using Lekhika.Core.Executions;

namespace Lekhika.Api.Executions;

/// <summary>A page of the caller's runs.</summary>
/// <param name="NextCursor">For the next page; null on the last one.</param>
internal sealed record ExecutionPage(IReadOnlyList<ExecutionEntry> Executions, string? NextCursor);

/// <summary>A run in a list.</summary>
internal sealed record ExecutionEntry(
    Guid ExecutionId, string Status, double Progress, string CurrentStep, string Title, int Words, ChapterCount Chapters,
    DateTime CreatedAt, DateTime? StartedAt, DateTime? CompletedAt, ExecutionMetadata Metadata);

/// <summary>A run as a client follows it.</summary>
/// <param name="Status">queued, processing, completed, failed, paused or stopped.</param>
/// <param name="Progress">0 to 100.</param>
/// <param name="CurrentStep">For people.</param>
/// <param name="Words">Written so far.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="CompletedAt">When it ended, however it did.</param>
internal sealed record ExecutionAnswer(
    Guid ExecutionId, string Status, double Progress, string CurrentStep, int Words, ChapterCount Chapters, TokenCount Tokens,
    ExecutionResult Result, RunError? Error, DateTime CreatedAt, DateTime? StartedAt, DateTime? CompletedAt, ExecutionMetadata Metadata);

/// <summary>Chapters written of chapters planned; the total is null until the outline is there.</summary>
internal sealed record ChapterCount(int Done, int? Total);

/// <summary>Tokens that models have read and written.</summary>
internal sealed record TokenCount(long Input, long Output);

/// <summary>What there is of the book.</summary>
/// <param name="Book">Null until the manuscript is compiled.</param>
/// <param name="Formats">By key; empty until the manuscript is compiled.</param>
internal sealed record ExecutionResult(string Title, BookAnswer? Book, IReadOnlyDictionary<string, FormatAnswer> Formats);

/// <summary>The compiled book.</summary>
/// <param name="AiService">Who wrote it.</param>
internal sealed record BookAnswer(int Words, int Chapters, string AiService);

/// <summary>A format of the book: what there is of it, and where.</summary>
/// <param name="Status">queued, running, succeeded or failed.</param>
/// <param name="Url">Relative to this server.</param>
/// <param name="Sha256">Of the file, in hexadecimal.</param>
/// <param name="Preflight">How many findings its check had; null until it was looked at. The findings are at <c>/v1/executions/{id}/preflight</c>.</param>
internal sealed record FormatAnswer(
    string Status, string? Url = null, string? FileName = null, long? Bytes = null, string? MediaType = null, string? Sha256 = null, string? Error = null, PreflightCounts? Preflight = null);

/// <summary>How many findings the check of a file had.</summary>
/// <param name="Complete">Whether nothing is still being looked at.</param>
/// <param name="Errors">With one the file is not delivered, unless it was found afterwards.</param>
/// <param name="NotChecked">What nobody has looked at, for want of a program.</param>
internal sealed record PreflightCounts(bool Complete, int Errors, int Warnings, int NotChecked);

/// <summary>Which engine it is a run of.</summary>
internal sealed record ExecutionMetadata(Guid EngineId, Guid UserEngineId, string EngineName);
