using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using FluentValidation;
using Lekhika.Persistence.Requests;

namespace Lekhika.Api.Runs.Requests;

/// <summary>A node, or chapters of it, that is to be done anew.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RegenerateRequest(
    [property: Description("The node. When absent: the one with which the execution failed.")] string? NodeId = null,
    [property: Description("One chapter of it; all that the node does when neither this nor items is there.")] int? Chapter = null,
    [property: Description("Several chapters, or other elements of its fan-out.")] IReadOnlyList<int>? Items = null,
    [property: Description("What is to be different; at most 4,000 characters.")] string? Guidance = null,
    [property: Description("What was wrong with the earlier answer; at most 4,000 characters.")] string? ValidationError = null,
    [property: Description("Nodes that are done anew after it, as a list of their ids, or \"dependents\" for all that depend on it; none when absent.")] Rerun? Rerun = null,
    [property: Description("Another name of nodeId.")] string? FailedNode = null,
    [property: Description("Another name of guidance.")] string? RegeneratePrompt = null)
{
    [JsonIgnore]
    public Regenerate Ask => new(
        NodeId ?? FailedNode,
        Chapter is { } chapter ? [chapter] : Items,
        Said(Guidance ?? RegeneratePrompt),
        Said(ValidationError),
        Rerun?.Nodes ?? [],
        Rerun is { Nodes: null })
    {
        GuidanceField = Guidance is null && RegeneratePrompt is not null ? "regeneratePrompt" : "guidance",
    };

    private static string? Said(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

/// <summary>Nodes by name, or all that depend on another.</summary>
/// <param name="Nodes">Null for all dependents.</param>
[JsonConverter(typeof(RerunConverter))]
internal sealed record Rerun(IReadOnlyList<string>? Nodes);

/// <summary>Reads <c>["compiler-1"]</c> or <c>"dependents"</c>.</summary>
internal sealed class RerunConverter : JsonConverter<Rerun>
{
    private const string Dependents = "dependents";

    public override Rerun Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(Dependents))
        {
            return new(null as IReadOnlyList<string>);
        }

        return reader.TokenType == JsonTokenType.StartArray
            ? new(JsonSerializer.Deserialize<List<string>>(ref reader, options))
            : throw new JsonException("Neither a list nor \"dependents\".");
    }

    public override void Write(Utf8JsonWriter writer, Rerun value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.Nodes ?? (object)Dependents, options);
}

/// <summary>Nodes that are to be done anew.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RerunRequest([property: Description("The ids of 1 to 100 nodes.")] IReadOnlyList<string>? Nodes = null);

internal sealed class RegenerateRequestValidator : AbstractValidator<RegenerateRequest>
{
    public RegenerateRequestValidator()
    {
        RuleFor(request => request.NodeId).Must((request, id) => id is null || request.FailedNode is null || id == request.FailedNode)
            .WithMessage("This and failedNode name two nodes; give one of them.");
        RuleFor(request => request.Items)
            .Must(RequestRules.IsItems).WithMessage("1 to 1,000 numbers.")
            .Must((request, items) => items is null || request.Chapter is null).WithMessage("Give a chapter or items, not both.");
        RuleFor(request => request.Guidance).Must(RequestRules.IsSaid).WithMessage(RequestRules.Said)
            .Must((request, text) => text is null || request.RegeneratePrompt is null || text == request.RegeneratePrompt).WithMessage("This and regeneratePrompt differ; give one of them.");
        RuleFor(request => request.RegeneratePrompt).Must(RequestRules.IsSaid).WithMessage(RequestRules.Said);
        RuleFor(request => request.ValidationError).Must(RequestRules.IsSaid).WithMessage(RequestRules.Said);
        RuleFor(request => request.Rerun).Must(rerun => rerun?.Nodes is null || RequestRules.IsNodes(rerun.Nodes)).WithMessage(RequestRules.Nodes);
    }
}

internal sealed class RerunRequestValidator : AbstractValidator<RerunRequest>
{
    public RerunRequestValidator() =>
        RuleFor(request => request.Nodes).Must(nodes => nodes is { Count: > 0 } && RequestRules.IsNodes(nodes)).WithMessage(RequestRules.Nodes);
}

/// <summary>What requests of runs have in common.</summary>
internal static class RequestRules
{
    public const string Said = "At most 4,000 characters, none of them NUL.";
    public const string Nodes = "The ids of 1 to 100 nodes.";

    private const int MaxText = 4_000;

    public static bool IsSaid(string? text) => text is null || (text.Length <= MaxText && !text.Contains('\0'));

    public static bool IsItems(IReadOnlyList<int>? items) => items is null || items.Count is > 0 and <= 1_000;

    public static bool IsNodes(IReadOnlyList<string> nodes) => nodes.Count <= 100 && nodes.All(node => !string.IsNullOrEmpty(node));
}
