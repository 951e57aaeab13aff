using System.Collections.Concurrent;
using Lekhika.Core.Models;
using Lekhika.Persistence.Models;
using Lekhika.Worker.Ai.Calls;
using Lekhika.Worker.Ai.Providers;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Ai.Routing;

/// <summary>
/// Knows which models there are: those of the environment, the platform's rows and a tenant's own. What is read is kept for some seconds, so
/// that a changed key or price counts soon without a restart.
/// </summary>
internal sealed class ModelCatalogue(IEnumerable<ModelProvider> providers, ModelStore store, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);
    private const int MostKept = 10_000;

    // In the order of registration, which is the order of preference.
    private readonly List<ModelProvider> _providers = [.. providers];
    private readonly ConcurrentDictionary<Guid, (long ReadAt, TenantModels Models)> _tenants = new();
    private readonly ConcurrentDictionary<string, IChatClient> _chains = new(StringComparer.Ordinal);

    /// <summary>The models of a tenant.</summary>
    public async ValueTask<TenantModels> ForAsync(Guid userId, CancellationToken cancellationToken)
    {
        if (_tenants.TryGetValue(userId, out var known) && time.GetElapsedTime(known.ReadAt) < Fresh)
        {
            return known.Models;
        }

        if (_tenants.Count >= MostKept)
        {
            _tenants.Clear();
        }

        var read = Models(await store.ReadAsync(userId, cancellationToken));
        _tenants[userId] = (time.GetTimestamp(), read);
        return read;
    }

    /// <summary>The colophon of a book that these models wrote.</summary>
    public IReadOnlyList<string> Colophon(IEnumerable<string> models) =>
        [.. models.SelectMany(model => _providers.Find(provider => provider.ModelId == model)?.Colophon
            ?? [$"The text of this book was written by the language model {model}, through Lekhika."])];

    private TenantModels Models(StoredModels stored)
    {
        var facts = stored.Models.ToLookup(model => model.ProviderId);
        var standing = _providers.Select(provider => new AvailableModel(
            provider.Account,
            provider.ModelId,
            stored.Providers.Where(row => !row.IsOwn && row.Name == provider.Key).SelectMany(row => facts[row.Id]).FirstOrDefault(model => model.ModelId == provider.ModelId),
            provider.Client));
        return new TenantModels([.. standing.Select(model => model with { Client = Chain(model, model.Client, "") }).DistinctBy(model => model.Key)], stored.Preferences);
    }

    /// <summary>The clients that lead to a model, made once for each version of what they are made of.</summary>
    private IChatClient Chain(AvailableModel model, IChatClient client, string version) =>
        _chains.GetOrAdd($"{model.Provider.Id} {model.Key} {version} {model.Facts?.Price?.Id}", _ => new TelemetryChatClient(new RecordingChatClient(client, model.Provider, model.Facts?.Price, time), time));
}
