using Lekhika.Core.Models;
using Lekhika.Core.Policies;

namespace Lekhika.Persistence.Models;

/// <summary>What a tenant may use: the platform's providers and models, and the tenant's own; and what may be written with them.</summary>
public sealed record StoredModels(
    IReadOnlyList<StoredProvider> Providers, IReadOnlyList<StoredModel> Models, IReadOnlyList<ModelPreference> Preferences, ContentPolicy Policy);

/// <summary>An active row of <c>ai_providers</c>.</summary>
/// <param name="Kind">openai, anthropic …</param>
/// <param name="Settings">JSON: limits and quirks.</param>
/// <param name="IsOwn">Whether it is the tenant's and not the platform's.</param>
/// <param name="ProtectedSecret">The key as it is stored, encrypted; null without one.</param>
/// <param name="ChangedAt">When anything of it was changed last.</param>
public sealed record StoredProvider(Guid Id, string Name, string Kind, string? BaseUrl, string Settings, bool IsOwn, string? ProtectedSecret, DateTime ChangedAt);

/// <summary>An active row of <c>ai_model_metadata</c> with its newest price.</summary>
/// <param name="ModelId">As the provider knows it.</param>
/// <param name="Category">text, image, audio, video or embedding.</param>
public sealed record StoredModel(
    Guid ProviderId, string ModelId, string Category, string Tier, int? ContextWindow, int? MaxOutput, IReadOnlyList<string> Capabilities, ModelPrice? Price);

/// <summary>Models in the order in which they are tried; a null fits everything.</summary>
/// <param name="Models">As <c>keyName:modelId</c>.</param>
public sealed record ModelPreference(string? Role, string? Tier, string? Task, IReadOnlyList<string> Models, bool IsOwn);
