using System.Text.Json;

namespace Lekhika.Core.Workflows;

/// <summary>A stored workflow as it is read, with what keeps it from running.</summary>
/// <param name="Definition">Null when the stored text has another shape altogether.</param>
public sealed record StoredWorkflow(WorkflowDefinition? Definition, IReadOnlyList<WorkflowFault> Faults)
{
    /// <summary>Reads a stored definition; never throws, whatever the text is.</summary>
    public static StoredWorkflow Read(string json)
    {
        try
        {
            var definition = Json.Read<WorkflowDefinition>(json);
            // Nullability of elements is not checked by the serializer.
            return definition.Nodes.Any(node => node is null) || definition.Edges.Any(edge => edge is null)
                ? Unreadable
                : new(definition, WorkflowValidator.Validate(definition));
        }
        catch (JsonException)
        {
            return Unreadable;
        }
    }

    private static StoredWorkflow Unreadable { get; } =
        new(null, [new WorkflowFault("unreadable", "The stored workflow is not of the form {nodes, edges, models}.", [])]);
}
