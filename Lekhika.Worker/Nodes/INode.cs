using Lekhika.Core.Executions;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Runs;

namespace Lekhika.Worker.Nodes;

/// <summary>
/// What a role does. Only the three kinds below exist, and a role gets the kind that its permissions allow
/// (<see cref="NodeRegistry"/>): a node without the permission to write has no way to return a chapter.
/// </summary>
internal interface INode
{
    /// <summary>The elements of the node's fan-out; [0] when it has none.</summary>
    IReadOnlyList<int> Items(RunState state, WorkflowNode node) => [0];
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

/// <summary>The node that hands the manuscript over to the exporter and ends the worker's part of the run.</summary>
internal interface IOutputNode : INode
{
    HandoverResult Execute(StepContext context);
}

/// <summary>What a step is about and what it may read.</summary>
internal sealed record StepContext(WorkflowNode Node, StepKey Step, RunState State)
{
    public NodeRole Role => WorkflowGraph.Role(Node);

    public string Name => Node.Data.Label ?? Node.Id;
}

/// <summary>What the model reported.</summary>
internal readonly record struct ModelUse(string? Model, long InputTokens, long OutputTokens);

/// <summary>Structured data of one kind, as JSON; and the book, when the data is a compiled manuscript.</summary>
internal sealed record DataResult(string Kind, string Content, ModelUse Use = default, BookRecord? Book = null);

/// <summary>A chapter's text.</summary>
internal sealed record ChapterResult(int Number, string Title, string Text, int Words, ModelUse Use);

/// <summary>The formats asked of the exporter.</summary>
internal sealed record HandoverResult(ExportOrder Order);
