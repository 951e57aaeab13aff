using Lekhika.Core.Workflows;

namespace Lekhika.Api.Plans;

/// <summary>Other models and prompts for nodes of a workflow.</summary>
internal static class NodeChanges
{
    /// <summary>The changed workflow, or the nodes that it does not have, by the field that names them.</summary>
    public static (WorkflowDefinition Workflow, IReadOnlyDictionary<string, string[]> Errors) Apply(PlanRequest request, WorkflowDefinition workflow)
    {
        var ids = workflow.Nodes.Select(node => node.Id).ToHashSet();
        var errors = Unknown("models", request.Models?.Keys, ids).Concat(Unknown("prompts", request.Prompts?.Keys, ids)).ToDictionary();
        return (workflow with { Nodes = [.. workflow.Nodes.Select(node => node with { Data = Change(node, request) })] }, errors);
    }

    private static NodeData Change(WorkflowNode node, PlanRequest request)
    {
        var data = node.Data;
        if (request.Models?.TryGetValue(node.Id, out var models) == true)
        {
            data = data with { SelectedModels = models };
        }

        if (request.Prompts?.TryGetValue(node.Id, out var prompts) == true)
        {
            data = data with { SystemPrompt = prompts.SystemPrompt ?? data.SystemPrompt, UserPrompt = prompts.UserPrompt ?? data.UserPrompt };
        }

        return data;
    }

    private static IEnumerable<KeyValuePair<string, string[]>> Unknown(string field, IEnumerable<string>? named, HashSet<string> ids) =>
        (named ?? []).Where(id => !ids.Contains(id)).Take(10).Select(id => id.Length <= 100 ? id : id[..100] + "…")
            .Select(id => KeyValuePair.Create($"{field}.{id}", new[] { $"The workflow has no node '{id}'." }));
}
