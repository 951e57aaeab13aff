namespace Lekhika.Core.Workflows.Rules;

/// <summary>Nodes and edges together: from one input, without circles, to at most one output.</summary>
internal static class ShapeRules
{
    public static IEnumerable<WorkflowFault> Check(CheckedWorkflow workflow)
    {
        foreach (var edge in workflow.Definition.Edges.Where(edge => !workflow.Has(edge.Source) || !workflow.Has(edge.Target)))
        {
            yield return new("unknown_node", $"Edge '{edge.Id}' goes from '{edge.Source}' to '{edge.Target}', and one of them does not exist.", [edge.Source, edge.Target]);
        }

        foreach (var circle in Circles.Of(workflow.Links, workflow.Definition.Nodes))
        {
            yield return new("cycle", circle is [var alone] ? $"The node {alone} waits for itself." : $"The nodes {string.Join(", ", circle)} wait for each other in a circle.", circle);
        }

        List<string> inputs = [.. workflow.Nodes(NodeType.Input).Select(node => node.Id)];
        List<string> outputs = [.. workflow.Nodes(NodeType.Output).Select(node => node.Id)];
        if (inputs.Count != 1)
        {
            yield return new("input", $"A workflow has exactly one input node; this one has {inputs.Count}.", inputs);
        }

        if (outputs.Count > 1)
        {
            yield return new("output", $"A workflow has at most one output node; this one has {outputs.Count}.", outputs);
        }

        // The output waits for every other node, so a node behind it would wait for ever.
        List<string> late = [.. outputs.SelectMany(workflow.Links.Successors).Distinct().Order(StringComparer.Ordinal)];
        if (late.Count > 0)
        {
            yield return new("after_output", $"The output node ends the workflow, but leads on to {string.Join(", ", late)}.", late);
        }

        var reached = workflow.Links.From(inputs);
        List<string> unreachable = [.. workflow.Definition.Nodes.Select(node => node.Id)
            .Where(id => !reached.Contains(id) && workflow.KnowsWayTo(id)).Distinct().Order(StringComparer.Ordinal)];
        if (unreachable.Count > 0)
        {
            yield return new("unreachable", $"No input leads to {string.Join(", ", unreachable)}.", unreachable);
        }
    }
}
