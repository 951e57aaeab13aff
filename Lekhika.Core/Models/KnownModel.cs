namespace Lekhika.Core.Models;

/// <summary>What is known of a model that nodes may name.</summary>
/// <param name="Key">As nodes name it, <c>keyName:modelId</c>.</param>
/// <param name="Category">text, image, audio, video or embedding.</param>
/// <param name="ContextWindow">Most tokens in and out together; null: nobody has said.</param>
/// <param name="MaxOutput">Most tokens of one answer; null: nobody has said.</param>
/// <param name="IsUsable">Whether runs may use it: it is switched on, and the platform's has a price.</param>
public sealed record KnownModel(string Key, string Category, int? ContextWindow, int? MaxOutput, IReadOnlyList<string> Capabilities, bool IsUsable);

/// <summary>The models and providers that somebody may name. A provider that is not among them may be one of the workers' environment, so nothing is said of its models.</summary>
/// <param name="Providers">The names of the providers.</param>
/// <param name="Models">By their keys.</param>
public sealed record KnownModels(IReadOnlySet<string> Providers, IReadOnlyDictionary<string, KnownModel> Models);
