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

/// <summary>What a node is told. The role decides what it may do, never the label.</summary>
public sealed record NodeData
{
    /// <summary>The shown name.</summary>
    public string? Label { get; init; }

    /// <summary>A key of <see cref="NodeRole.All"/>.</summary>
    public string? Role { get; init; }

    /// <summary>Whether the node asks a model; where the role allows both, false means without.</summary>
    public bool AiEnabled { get; init; } = true;

    /// <summary>The models asked for, as <c>keyName:modelId</c>, the first preferred.</summary>
    public IReadOnlyList<string>? SelectedModels { get; init; }

    /// <summary>Instructions that replace the role's own.</summary>
    public string? SystemPrompt { get; init; }

    /// <summary>The task that replaces the role's own.</summary>
    public string? UserPrompt { get; init; }

    /// <summary>Sampling temperature; the role's when absent.</summary>
    public float? Temperature { get; init; }

    /// <summary>Most tokens of one answer; the role's when absent.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Formats that an output node makes when the client asked for none.</summary>
    public IReadOnlyList<string>? ExportFormats { get; init; }

    /// <summary>Fields that other nodes, or later versions, read.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; init; }
}
