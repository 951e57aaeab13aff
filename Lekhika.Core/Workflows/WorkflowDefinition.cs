using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lekhika.Core.Workflows;

/// <summary>A workflow as clients send it: <c>{nodes, edges, models}</c>. Fields that nobody reads are kept as they came.</summary>
public sealed record WorkflowDefinition(
    IReadOnlyList<WorkflowNode> Nodes,
    IReadOnlyList<WorkflowEdge> Edges,
    IReadOnlyList<JsonElement>? Models = null)
{
    /// <summary>Fields of drawing tools (viewport).</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; init; }
}

/// <summary>A node: <c>{id, type, position, data}</c>.</summary>
public sealed record WorkflowNode(string Id, NodeType Type, NodeData Data, NodePosition? Position = null)
{
    /// <summary>Fields of drawing tools (width, selected).</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; init; }
}

/// <summary>Where an editor draws the node; the engine ignores it.</summary>
public sealed record NodePosition(double X, double Y);

/// <summary>An edge from the node <paramref name="Source"/> to the node <paramref name="Target"/>.</summary>
public sealed record WorkflowEdge(string Id, string Source, string Target)
{
    /// <summary>Fields of drawing tools (type, animated).</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; init; }
}

/// <summary>The five types of nodes.</summary>
public enum NodeType
{
    /// <summary>Takes the client's brief.</summary>
    Input,

    /// <summary>Works on it.</summary>
    Process,

    /// <summary>Chooses a way.</summary>
    Condition,

    /// <summary>Waits for a person.</summary>
    Preview,

    /// <summary>Hands the manuscript over for export.</summary>
    Output,
}
