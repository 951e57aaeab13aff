using System.Collections.Concurrent;
using Lekhika.Core;
using Lekhika.Persistence.Models;
using Lekhika.Persistence.Secrets;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Nodes;

namespace Lekhika.Worker.Ai.Routing;

/// <summary>
/// Knows which models there are: those of the environment, the platform's rows and a tenant's own. What is read is kept for some seconds, so
/// that a changed key or price counts soon without a restart.
/// </summary>
internal sealed partial class ModelCatalogue(
    IEnumerable<ModelProvider> providers, UsableModelStore store, ProviderSecrets secrets, ModelChains chains, IConfiguration configuration, TimeProvider time, ILogger<ModelCatalogue> log)
{
    private const int MostKept = 10_000;

    // In the order of registration, which is the order of preference.
    private readonly List<ModelProvider> _providers = [.. providers];
    private readonly ConcurrentDictionary<Guid, (long ReadAt, TenantModels Models)> _tenants = new();
    private readonly ConcurrentDictionary<Guid, DateTime> _told = new();
    private readonly TimeSpan _fresh = configuration.GetValue("Models:Reread", TimeSpan.FromSeconds(10));
    private readonly bool _allowsPrivate = configuration.GetValue("Providers:AllowPrivateAddresses", false);

    /// <summary>The models of a tenant.</summary>
    public async ValueTask<TenantModels> ForAsync(Guid userId, CancellationToken cancellationToken)
    {
        if (_tenants.TryGetValue(userId, out var known) && time.GetElapsedTime(known.ReadAt) < _fresh)
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

    /// <summary>The tenants whose models were read since <paramref name="recent"/> ago.</summary>
    public IEnumerable<(Guid UserId, TenantModels Models)> Known(TimeSpan recent) =>
        _tenants.Where(tenant => time.GetElapsedTime(tenant.Value.ReadAt) < recent).Select(tenant => (tenant.Key, tenant.Value.Models));

    /// <summary>A tenant's own come first, then those of the environment, then the platform's; the offline embeddings last, so that there always are some.</summary>
    private TenantModels Models(StoredModels stored)
    {
        var reading = new Reading(stored.Models.ToLookup(model => model.ProviderId));
        foreach (var row in stored.Providers.Where(row => row.Kind != ProviderKinds.Offline))
        {
            Add(row, reading);
        }

        var standing = _providers.Select(Standing);
        return new TenantModels([.. reading.Texts.Where(IsOwn).Concat(standing).Concat(reading.Texts.Where(model => !IsOwn(model))).DistinctBy(model => model.Key)], stored.Preferences)
        {
            Policy = stored.Policy,
            Images = [.. reading.Images.DistinctBy(model => model.Key)],
            Embeddings = [.. reading.Embeddings.Append(chains.OfflineEmbeddings).DistinctBy(model => model.Key)],
            Moderations = [.. reading.Moderations.DistinctBy(model => model.Provider.IsOwn).OrderBy(model => model.Provider.IsOwn)],
            LeftOut = reading.LeftOut,
        };

        AvailableModel Standing(ModelProvider provider)
        {
            var known = stored.Providers.Where(row => !row.IsOwn && row.Name == provider.Key).SelectMany(row => reading.Models[row.Id]).FirstOrDefault(model => model.ModelId == provider.ModelId);
            return new(provider.Account, provider.ModelId, known, chains.Of(provider.Account, provider.ModelId, known?.Price, provider.Client));
        }
    }

    /// <summary>A row's models, none when it cannot be asked as it stands; of the platform's only those that have a price: nobody uses on its account what nobody can reckon.</summary>
    private void Add(StoredProvider row, Reading reading)
    {
        var usable = new List<StoredModel>();
        foreach (var model in reading.Models[row.Id])
        {
            if (!row.IsOwn && model.Price is null)
            {
                reading.LeftOut.Add(Out(row, model.ModelId, "It has no price: on the platform's account nobody uses what nobody can reckon."));
            }
            else
            {
                usable.Add(model);
            }
        }

        if (usable.Count == 0)
        {
            if (!reading.Models[row.Id].Any())
            {
                reading.LeftOut.Add(Out(row, null, "It has no models."));
            }

            return;
        }

        try
        {
            var account = Account(row);
            // An address or a key that is none is the whole provider's fault.
            _ = ProviderAddresses.Of(account);
            foreach (var model in usable)
            {
                Add(row, account, model, reading);
            }
        }
        catch (Exception error) when (error is StepFault or SecretsException)
        {
            // Its own fault, and nobody else's.
            reading.LeftOut.Add(Out(row, null, error.Message));
            Tell(row, error.Message);
        }
    }

    private void Add(StoredProvider row, ProviderAccount account, StoredModel model, Reading reading)
    {
        try
        {
            switch (model.Category)
            {
                case "text" when model.Capabilities.Contains(ModerationModel.Capability):
                    reading.Moderations.Add(new ModerationModel(account, model.ModelId, model.Price));
                    break;
                case "text":
                    reading.Texts.Add(new AvailableModel(account, model.ModelId, model, chains.Of(account, model.ModelId, model.Price, row.ChangedAt)));
                    break;
                case "image":
                    reading.Images.Add(chains.Images(account, model));
                    break;
                case "embedding":
                    reading.Embeddings.Add(chains.Embeddings(account, model));
                    break;
                default:
                    reading.LeftOut.Add(Out(row, model.ModelId, $"Nothing asks models for {model.Category} yet."));
                    break;
            }
        }
        catch (StepFault fault)
        {
            reading.LeftOut.Add(Out(row, model.ModelId, fault.Message));
        }
    }

    /// <summary>The row with its key in clear.</summary>
    /// <exception cref="SecretsException">The key cannot be read.</exception>
    private ProviderAccount Account(StoredProvider row)
    {
        var secret = row.ProtectedSecret is null ? null : secrets.Unprotect(row.Id, row.ProtectedSecret);
        return new(row.Id, row.Name, row.Kind, row.BaseUrl is null ? null : new Uri(row.BaseUrl), secret, Json.Read<ProviderSettings>(row.Settings))
        {
            IsOwn = row.IsOwn,
            MustBePublic = row.IsOwn && !_allowsPrivate,
            ChangedAt = new DateTimeOffset(row.ChangedAt),
        };
    }

    private static bool IsOwn(UsableModel model) => model.Provider.IsOwn;

    private static LeftOut Out(StoredProvider row, string? modelId, string reason) => new(row.Id, row.Name, row.Kind, row.IsOwn, modelId, reason);

    /// <summary>Said once for each state of a row, however often it is read.</summary>
    private void Tell(StoredProvider row, string reason)
    {
        if (!_told.TryGetValue(row.Id, out var changedAt) || changedAt != row.ChangedAt)
        {
            _told[row.Id] = row.ChangedAt;
            IsLeftOut(log, row.Name, row.Id, reason);
        }
    }

    /// <summary>What becomes of the rows.</summary>
    private sealed record Reading(ILookup<Guid, StoredModel> Models)
    {
        public List<AvailableModel> Texts { get; } = [];

        public List<ImageModel> Images { get; } = [];

        public List<EmbeddingModel> Embeddings { get; } = [];

        public List<ModerationModel> Moderations { get; } = [];

        public List<LeftOut> LeftOut { get; } = [];
    }

    [LoggerMessage(LogLevel.Warning, "The provider {Name} ({ProviderId}) is left out: {Reason}")]
    private static partial void IsLeftOut(ILogger log, string name, Guid providerId, string reason);
}
