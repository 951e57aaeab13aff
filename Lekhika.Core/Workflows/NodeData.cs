using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lekhika.Core.Workflows;

/// <summary>What a node is told. The role decides what it may do, never the label.</summary>
public sealed record NodeData
{
    /// <summary>Versions a preview asks for when <see cref="MaxAttempts"/> is absent.</summary>
    public const int DefaultMaxAttempts = 3;

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

    /// <summary>Width of the picture that a node asks for, in pixels, 256 to 4,096; the model's own when absent.</summary>
    public int? ImageWidth { get; init; }

    /// <summary>Its height, likewise.</summary>
    public int? ImageHeight { get; init; }

    /// <summary>Formats that an output node makes when the client asked for none.</summary>
    public IReadOnlyList<string>? ExportFormats { get; init; }

    /// <summary>
    /// The ways of a condition node. Every condition that holds opens the edge to its target, so several ways may open at once.
    /// </summary>
    public IReadOnlyList<WorkflowCondition>? Conditions { get; init; }

    /// <summary>The id of the node that a condition node leads to when no condition holds; none when absent or empty.</summary>
    public string? DefaultRoute { get; init; }

    /// <summary>How often a preview shows its work, 1 to 10: it can be sent back once less; <see cref="DefaultMaxAttempts"/> when absent.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>
    /// A <see cref="FieldReference"/> whose value is a list: a node that makes a report or a picture runs once for each of its
    /// <see cref="FieldReference.Items"/>. Writers fan out over the chapters of the outline by themselves.
    /// </summary>
    public string? ForEach { get; init; }

    /// <summary>The form of an input node; absent or empty leaves the form open: any variable may be sent.</summary>
    public IReadOnlyList<InputField>? InputFields { get; init; }

    /// <summary>Fields that other nodes, or later versions, read.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; init; }
}
