using Lekhika.Core;
using Lekhika.Core.Workflows;

namespace Lekhika.Worker.Nodes;

/// <summary>Chooses the ways that the run takes, by the form's values and earlier outputs. Asks no model.</summary>
internal sealed class ConditionNode : IDataNode
{
    public Task<DataResult> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        var successors = context.State.Graph.Successors(context.Node).Select(node => node.Id).ToList();
        var open = ConditionEvaluator.Routes(context.Node, successors, context.State.Value);
        return Task.FromResult(new DataResult(OutputKinds.Decision, Json.Write(new Decision(open))));
    }
}

/// <summary>What a condition decided.</summary>
/// <param name="Open">The successors that the run goes on to.</param>
internal sealed record Decision(IReadOnlyList<string> Open);
