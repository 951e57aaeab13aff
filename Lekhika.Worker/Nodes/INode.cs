using Lekhika.Core.Executions;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Runs;
using Lekhika.Worker.Ai.Calls;

namespace Lekhika.Worker.Nodes;

/// <summary>
/// What a role does. Only the kinds below exist, and a role gets the kind that its permissions allow
/// (<see cref="NodeRegistry"/>): a node without the permission to write has no way to return a chapter.
/// </summary>
internal interface INode
{
    /// <summary>The elements of the node's fan-out; one when it has none.</summary>
    IReadOnlyList<FanOutItem> Items(RunState state, WorkflowNode node) => FanOutItem.Single;
}

/// <summary>A node that returns structured data.</summary>
internal interface IDataNode : INode
{
    Task<DataResult> ExecuteAsync(StepContext context, CancellationToken cancellationToken);
}

/// <summary>A node that writes chapters.</summary>
internal interface IWriterNode : INode
{
    Task<ChapterResult> ExecuteAsync(StepContext context, CancellationToken cancellationToken);
}

/// <summary>A node that waits for a person.</summary>
internal interface IPreviewNode : INode
{
    /// <summary>JSON of what is shown, by reference.</summary>
    string Shows(StepContext context);
}

/// <summary>The node that hands the manuscript over to the exporter and ends the worker's part of the run.</summary>
internal interface IOutputNode : INode
{
    ExportOrder Execute(StepContext context);
}

/// <summary>An element of a fan-out.</summary>
/// <param name="Item">0 without fan-out; else from 1, such as the chapter's number.</param>
/// <param name="Element">JSON of the element, in a fan-out over a list.</param>
internal sealed record FanOutItem(int Item, string? Element = null)
{
    /// <summary>Most elements of a list; the rest would be somebody's mistake.</summary>
    public const int MostElements = 200;

    public static IReadOnlyList<FanOutItem> Single { get; } = [new(0)];

    /// <summary>The elements of the list that a node runs over; one when it runs over none.</summary>
    public static IReadOnlyList<FanOutItem> OfList(RunState state, WorkflowNode node)
    {
        if (string.IsNullOrWhiteSpace(node.Data.ForEach))
        {
            return Single;
        }

        var elements = FieldReference.Items(state.Value(node.Data.ForEach));
        return elements.Count <= MostElements
            ? [.. elements.Select((element, i) => new FanOutItem(i + 1, element.GetRawText()))]
            : throw StepFault.Permanent($"The list {node.Data.ForEach} of the node '{node.Data.Label ?? node.Id}' has {elements.Count} elements; a node runs for at most {MostElements}.");
    }
}

/// <summary>What a step is about and what it may read.</summary>
/// <param name="Element">JSON of its element, in a fan-out over a list.</param>
/// <param name="Regeneration">Why it is done anew, when it is.</param>
internal sealed record StepContext(WorkflowNode Node, StepKey Step, RunState State, string? Element = null, Regeneration? Regeneration = null)
{
    /// <summary>What was wrong with this step's earlier answer: of the try before, or of the generation before.</summary>
    public string? Fault { get; init; }

    /// <summary>The beginning of the chapter that is durable already, to the letter.</summary>
    public string Written { get; init; } = "";

    /// <summary>Takes the text of a stream, piece by piece.</summary>
    public Func<string, CancellationToken, ValueTask>? OnText { get; init; }

    /// <summary>What is under way when it is given out, for people; null when that was told.</summary>
    public string? UnderWay { get; init; }

    /// <summary>Where the step's calls of models are recorded.</summary>
    public CallLog Calls { get; init; } = null!;

    public NodeRole Role => WorkflowGraph.Role(Node);

    public string Name => Node.Data.Label ?? Node.Id;

    public T Need<T>(string kind)
        where T : class => State.Find<T>(kind, Node)
            ?? throw StepFault.Permanent($"The node '{Name}' needs {kind}, which no node before it has made. Add one to the engine.");
}

/// <summary>What the model reported.</summary>
internal readonly record struct ModelUse(string? Model, long InputTokens, long OutputTokens)
{
    public static ModelUse operator +(ModelUse one, ModelUse other) => new(other.Model ?? one.Model, one.InputTokens + other.InputTokens, one.OutputTokens + other.OutputTokens);
}

/// <summary>Structured data of one kind, as JSON; and the book, when the data is a compiled manuscript.</summary>
internal sealed record DataResult(string Kind, string Content, ModelUse Use = default, BookRecord? Book = null);

/// <summary>A chapter's text.</summary>
internal sealed record ChapterResult(int Number, string Title, string Text, int Words, ModelUse Use);
