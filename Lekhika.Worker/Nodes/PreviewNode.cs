using Lekhika.Core;
using Lekhika.Core.Workflows;

namespace Lekhika.Worker.Nodes;

/// <summary>Shows a person what the nodes before it have made, and waits for a word.</summary>
internal sealed class PreviewNode : IPreviewNode
{
    public string Shows(StepContext context) => Json.Write(new
    {
        Nodes = context.State.Graph.Predecessors(context.Node).Select(node => node.Id),
        Chapters = context.State.Chapters.Values.Select(chapter => new { chapter.Number, chapter.Version, chapter.Title, chapter.Words }),
        Attempt = context.Step.Generation,
        MaxAttempts = context.Node.Data.MaxAttempts ?? NodeData.DefaultMaxAttempts,
    });
}
