using Lekhika.Core.Executions;
using Lekhika.Core.Exports;
using Lekhika.Persistence.Batches;

namespace Lekhika.Persistence.Runs;

/// <summary>Who holds a run: every write carries it, and zero rows mean that it is held no longer.</summary>
public readonly record struct RunLease(Guid ExecutionId, Guid UserId, int Attempt);

/// <summary>Everything that one step, or one transition, writes: in the transaction of its events.</summary>
public sealed record RunCommit(RunLease Lease, IReadOnlyList<JournalEvent> Events)
{
    /// <summary>The finished step's output.</summary>
    public StepOutput? Output { get; init; }

    /// <summary>The chapter that the step wrote.</summary>
    public ChapterVersion? Chapter { get; init; }

    /// <summary>A finished scene of a chapter that is still being written.</summary>
    public SceneCheckpoint? Scene { get; init; }

    /// <summary>Calls of models that are about to be made, or have ended.</summary>
    public IReadOnlyList<ModelCallRecord> Calls { get; init; } = [];

    /// <summary>A call that waits for a batch.</summary>
    public ParkedCall? Parked { get; init; }

    /// <summary>The parked call whose answer the finished step was made of.</summary>
    public TakenCall? Taken { get; init; }

    /// <summary>With a pause: the run goes on by itself when no parked call of it waits any more.</summary>
    public bool WaitsForBatch { get; init; }

    /// <summary>What a preview node shows.</summary>
    public PreviewRecord? Preview { get; init; }

    /// <summary>The book that the compiled manuscript makes.</summary>
    public BookRecord? Book { get; init; }

    /// <summary>The formats to make of it; only with a transition.</summary>
    public ExportOrder? Exports { get; init; }

    /// <summary>The transition, when the run's state changes.</summary>
    public RunCommand? Command { get; init; }

    /// <summary>How far the run is, when that changes.</summary>
    public RunFigures? Figures { get; init; }

    /// <summary>What the run is at, in a few words for people.</summary>
    public string? CurrentStep { get; init; }

    /// <summary>Why the run failed.</summary>
    public RunError? Error { get; init; }

    /// <summary>The step that failed with it.</summary>
    public StepKey? FailedStep { get; init; }

    /// <summary>The count of requests that the worker has looked at.</summary>
    public int? RequestsSeen { get; init; }
}

/// <summary>How far a run is, as a whole.</summary>
/// <param name="Progress">Percent by weight of work (<see cref="RunProgress"/>).</param>
/// <param name="Words">Words of the newest versions of its chapters.</param>
/// <param name="ChaptersTotal">Null until the outline says it.</param>
public sealed record RunFigures(double Progress, int Words, int ChaptersDone, int? ChaptersTotal);

/// <summary>A finished step's output: structured content, or a reference to the chapter version that holds the text.</summary>
/// <param name="Content">JSON.</param>
/// <param name="Model">The model that answered, if one was asked.</param>
public sealed record StepOutput(StepKey Step, string Kind, string Content, string? Model, long InputTokens, long OutputTokens)
{
    /// <summary>JSON: what the step was made of, each part by its name with the first 16 hexadecimal digits of its SHA-256.</summary>
    public string Inputs { get; init; } = "{}";

    /// <summary>SHA-256 of what came out: of the content, or of the chapter's text. Null in rows of before there were hashes.</summary>
    public byte[]? Hash { get; init; }
}

/// <summary>A chapter's text as its writer returned it, to the letter.</summary>
public sealed record ChapterVersion(int Number, int Version, string Title, string Content, int Words, string NodeId);

/// <summary>A finished scene: the text since the scene before it, with the break that ends it, to the letter.</summary>
/// <param name="Number">From 1, in the order of the text.</param>
public sealed record SceneCheckpoint(StepKey Step, int Number, string Content);

/// <summary>A preview as it is stored.</summary>
/// <param name="Content">JSON: what is shown, by reference.</param>
public sealed record PreviewRecord(string NodeId, int Generation, string Content);

/// <summary>A compiled book: which versions of which chapters, and what its title page says.</summary>
/// <param name="Version">From 1, growing with each compilation of the run.</param>
/// <param name="Chapters">In reading order.</param>
/// <param name="Colophon">One string a paragraph.</param>
/// <param name="Partial">Chapters of the outline are missing: the run was stopped.</param>
public sealed record BookRecord(
    Guid Id,
    int Version,
    string Title,
    string? Subtitle,
    string Author,
    string Language,
    string? Description,
    string AiService,
    int Words,
    IReadOnlyList<ChapterReference> Chapters,
    IReadOnlyList<string> Colophon,
    bool Partial = false);

/// <summary>A chapter of a book, by its number and the version of its text.</summary>
public sealed record ChapterReference(int Number, int Version);

/// <summary>Formats to be made of one manuscript with one set of settings.</summary>
/// <param name="Number">From 1, growing with each order of the run.</param>
/// <param name="BookId">The book to be rendered.</param>
/// <param name="Settings">JSON of <see cref="ExportSettings"/>.</param>
public sealed record ExportOrder(int Number, Guid BookId, IReadOnlyList<ExportFormat> Formats, string Settings);
