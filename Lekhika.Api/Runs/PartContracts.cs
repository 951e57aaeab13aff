using Lekhika.Persistence.Views;

namespace Lekhika.Api.Runs;

/// <summary>The steps of an execution.</summary>
internal sealed record StepList(IReadOnlyList<StepEntry> Steps);

/// <summary>A step: one thing that a node did, or was to do.</summary>
/// <param name="Item">The element of the node's fan-out, such as the chapter; 0 for a node without one.</param>
/// <param name="Generation">From 1; grows each time that it is done anew.</param>
/// <param name="Kind">What it made; null when nothing.</param>
/// <param name="State">completed, superseded (a newer generation is done), skipped (no way led to its node) or waiting (a preview).</param>
/// <param name="Words">Of a chapter.</param>
/// <param name="Model">The model that answered, if one was asked.</param>
/// <param name="Stale">Whether what it was made of has changed since.</param>
internal sealed record StepEntry(
    string NodeId, int Item, int Generation, string? Kind, string State, int? Words, string? Model, Executions.TokenCount Tokens, DateTime CreatedAt, bool Stale)
{
    /// <param name="step">The step.</param>
    /// <param name="isStale">Whether its inputs are no longer those of now.</param>
    public static StepEntry Of(StepView step, bool isStale = false) => new(
        step.Step.NodeId, step.Step.Item, step.Step.Generation, step.Kind, step.State, step.Words, step.Model,
        new(step.InputTokens, step.OutputTokens), step.CreatedAt, isStale);
}

/// <summary>The chapters of an execution, in order.</summary>
internal sealed record ChapterList(IReadOnlyList<ChapterEntry> Chapters);

/// <summary>A chapter without its text.</summary>
/// <param name="Version">The version that this tells of: the newest unless another was asked for.</param>
/// <param name="Versions">The numbers of all its versions.</param>
internal record ChapterEntry(int Number, string Title, int Words, int Version, IReadOnlyList<int> Versions, DateTime CreatedAt)
{
    public ChapterEntry(ChapterView chapter)
        : this(chapter.Number, chapter.Title, chapter.Words, chapter.Version, chapter.Versions, chapter.CreatedAt)
    {
    }
}

/// <summary>One version of a chapter with its text.</summary>
internal sealed record ChapterText : ChapterEntry
{
    public ChapterText(ChapterTextView chapter)
        : base(chapter.Chapter) => (NodeId, Text) = (chapter.NodeId, chapter.Text);

    /// <summary>The node that wrote it.</summary>
    public string NodeId { get; }

    /// <summary>Markdown.</summary>
    public string Text { get; }
}
