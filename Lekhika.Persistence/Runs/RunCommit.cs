using Lekhika.Core.Executions;
using Lekhika.Core.Exports;

namespace Lekhika.Persistence.Runs;

/// <summary>Who holds a run: every write carries it, and zero rows mean that it is held no longer.</summary>
public readonly record struct RunLease(Guid ExecutionId, Guid UserId, int Attempt);

/// <summary>Everything that one step, or one transition, writes: in one statement, in the transaction of its events.</summary>
public sealed record RunCommit(RunLease Lease, IReadOnlyList<JournalEvent> Events)
{
    /// <summary>The finished step's output; a step that is already there is not written, nor are its events.</summary>
    public StepOutput? Output { get; init; }

    /// <summary>The chapter that the step wrote.</summary>
    public ChapterVersion? Chapter { get; init; }

    /// <summary>The book that the compiled manuscript makes.</summary>
    public BookRecord? Book { get; init; }

    /// <summary>The formats to make of it.</summary>
    public ExportOrder? Exports { get; init; }

    /// <summary>The transition, when the run's state changes.</summary>
    public RunCommand? Command { get; init; }

    /// <summary>Percent that this commit adds, by weight of work (<see cref="RunProgress"/>); a step is committed once, so it counts once.</summary>
    public double Progress { get; init; }

    /// <summary>What the run is at, in a few words for people.</summary>
    public string? CurrentStep { get; init; }

    /// <summary>Chapters planned, once the outline says it.</summary>
    public int? ChaptersTotal { get; init; }

    /// <summary>Why the run failed.</summary>
    public RunError? Error { get; init; }
}

/// <summary>A finished step's output: structured content, or a reference to the chapter version that holds the text.</summary>
/// <param name="Content">JSON.</param>
/// <param name="Model">The model that answered, if one was asked.</param>
public sealed record StepOutput(StepKey Step, string Kind, string Content, string? Model, long InputTokens, long OutputTokens);

/// <summary>A chapter's text as its writer returned it, to the letter.</summary>
public sealed record ChapterVersion(int Number, int Version, string Title, string Content, int Words, string NodeId);

/// <summary>A compiled book: which versions of which chapters, and what its title page says.</summary>
/// <param name="Chapters">In reading order.</param>
/// <param name="Colophon">One string a paragraph.</param>
public sealed record BookRecord(
    Guid Id,
    string Title,
    string? Subtitle,
    string Author,
    string Language,
    string? Description,
    string AiService,
    int Words,
    IReadOnlyList<ChapterReference> Chapters,
    IReadOnlyList<string> Colophon);

/// <summary>A chapter of a book, by its number and the version of its text.</summary>
public sealed record ChapterReference(int Number, int Version);

/// <summary>Formats to be made of one manuscript with one set of settings.</summary>
/// <param name="Settings">JSON of <see cref="ExportSettings"/>.</param>
public sealed record ExportOrder(int Number, IReadOnlyList<ExportFormat> Formats, string Settings);
