using Lekhika.Persistence.Models;
using Lekhika.Worker.Ai.Providers;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Ai.Routing;

/// <summary>A model that a tenant may use.</summary>
/// <param name="ModelId">As the provider knows it.</param>
/// <param name="Facts">What is known of it; null for one of the environment, of which nothing is.</param>
internal abstract record UsableModel(ProviderAccount Provider, string ModelId, StoredModel? Facts)
{
    /// <summary>As nodes name it.</summary>
    public string Key => $"{Provider.Name}:{ModelId}";

    /// <summary>Whether it is a demonstration, which works for nobody unasked where there is a real model.</summary>
    public bool IsDemonstration => Provider.Kind == ProviderKinds.Offline;
}

/// <summary>One that writes, with the whole chain of clients that leads to it.</summary>
internal sealed record AvailableModel(ProviderAccount Provider, string ModelId, StoredModel? Facts, IChatClient Client) : UsableModel(Provider, ModelId, Facts)
{
    /// <summary>
    /// Whether it can be asked through a batch interface. OpenAI and Anthropic have one at their own addresses; of a server elsewhere the provider's settings
    /// or the model's capabilities say it, since most that speak their protocols have none.
    /// </summary>
    public bool HasBatches => Provider.Settings.Batches
        ?? (Facts?.Capabilities.Contains("batch") == true || (Provider.BaseAddress is null && Provider.Kind is ProviderKinds.OpenAi or ProviderKinds.Anthropic));

    /// <summary>Whether it can answer by a JSON schema; what nobody has described is thought able.</summary>
    public bool CanStructure => Facts?.Capabilities.Contains("structured") ?? true;
}

/// <summary>One that draws, behind the same chain.</summary>
internal sealed record ImageModel(ProviderAccount Provider, string ModelId, StoredModel? Facts, IImageGenerator Client) : UsableModel(Provider, ModelId, Facts);

/// <summary>One that turns texts into vectors, behind the same chain.</summary>
internal sealed record EmbeddingModel(ProviderAccount Provider, string ModelId, StoredModel? Facts, IEmbeddingGenerator<string, Embedding<float>> Client) : UsableModel(Provider, ModelId, Facts);
