using System.Collections.Concurrent;
using Lekhika.Core.Models;
using Lekhika.Persistence.Models;
using Lekhika.Worker.Ai.Calls;
using Lekhika.Worker.Ai.Chain;
using Lekhika.Worker.Ai.Health;
using Lekhika.Worker.Ai.Providers;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Ai.Routing;

/// <summary>
/// The clients that lead to a model, the outermost first: limits, resilience, telemetry, the record, the provider. Made once for each version of
/// what they are made of: a new key means a new chain, while calls that are under way end on the old one.
/// </summary>
internal sealed class ModelChains(ModelLimiters limiters, ProviderBreakers breakers, ProviderPulse pulse, WholeCalls calls, TimeProvider time)
{
    private readonly ConcurrentDictionary<(Guid Provider, string Name, string Model), (string Version, IChatClient Client)> _chains = new();

    /// <summary>To a model of a row.</summary>
    /// <param name="changedAt">The row's version.</param>
    public IChatClient Of(ProviderAccount account, string modelId, ModelPrice? price, DateTime changedAt) =>
        Of(account, modelId, $"{changedAt:O} {price?.Id}", price, () => ProviderClients.Chat(account, modelId));

    /// <summary>To a model whose client is there.</summary>
    public IChatClient Of(ProviderAccount account, string modelId, ModelPrice? price, IChatClient client) => Of(account, modelId, $"{price?.Id}", price, () => client);

    /// <summary>To a row's model for images. Holds nothing that would outlive it, so it is made as often as it is read.</summary>
    public ImageModel Images(ProviderAccount account, StoredModel model) =>
        new(account, model.ModelId, model, new ChainedImages(ProviderClients.Images(account, model.ModelId), account, model.ModelId, model.Price, calls));

    /// <summary>To a row's model for embeddings.</summary>
    public EmbeddingModel Embeddings(ProviderAccount account, StoredModel model) =>
        new(account, model.ModelId, model, new ChainedEmbeddings(ProviderClients.Embeddings(account, model.ModelId), account, model.ModelId, model.Price, calls));

    /// <summary>To the embeddings that need no key.</summary>
    public EmbeddingModel OfflineEmbeddings => Embeddings(
        new ProviderAccount(Guid.Empty, ProviderKinds.Offline, ProviderKinds.Offline, null, null, new ProviderSettings()),
        new StoredModel(Guid.Empty, Offline.OfflineEmbeddings.ModelId, "embedding", "standard", null, null, [], null));

    private IChatClient Of(ProviderAccount account, string modelId, string version, ModelPrice? price, Func<IChatClient> provider)
    {
        var place = (account.Id, account.Name, modelId);
        if (_chains.TryGetValue(place, out var known) && known.Version == version)
        {
            return known.Client;
        }

        var chain = new TelemetryChatClient(new RecordingChatClient(provider(), account, price, pulse, time), time)
            .UseResilience(account, breakers, time)
            .UseLimits(account, modelId, limiters);
        _chains[place] = (version, chain);
        return chain;
    }
}
