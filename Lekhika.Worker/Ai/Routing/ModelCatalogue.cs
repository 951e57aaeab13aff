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
    private readonly ConcurrentDictionary<Guid, DateTime> _leftOut = new();
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

    /// <summary>A tenant's own come first, then those of the environment, then the platform's.</summary>
    private TenantModels Models(StoredModels stored)
    {
        var facts = stored.Models.Where(model => model.Category == "text" && !IsModeration(model)).ToLookup(model => model.ProviderId);
        var rows = stored.Providers.Where(row => row.Kind is not (ProviderKinds.Offline or ProviderKinds.Stability)).ToList();
        var own = rows.Where(row => row.IsOwn).SelectMany(row => Of(row, facts[row.Id]));
        var platform = rows.Where(row => !row.IsOwn).SelectMany(row => Of(row, facts[row.Id]));
        return new TenantModels([.. own.Concat(_providers.Select(Standing)).Concat(platform).DistinctBy(model => model.Key)], stored.Preferences)
        {
            Policy = stored.Policy,
            Moderation = Moderation(rows, stored.Models),
        };

        AvailableModel Standing(ModelProvider provider)
        {
            var known = stored.Providers.Where(row => !row.IsOwn && row.Name == provider.Key).SelectMany(row => facts[row.Id]).FirstOrDefault(model => model.ModelId == provider.ModelId);
            return new(provider.Account, provider.ModelId, known, chains.Of(provider.Account, provider.ModelId, known?.Price, provider.Client));
        }
    }

    /// <summary>The first that is usable, in the order of the rows: a user's own come first.</summary>
    private ModerationModel? Moderation(IEnumerable<StoredProvider> rows, IReadOnlyList<StoredModel> models) => rows
        .SelectMany(row => models
            .Where(model => model.ProviderId == row.Id && model.Category == "text" && IsModeration(model) && (row.IsOwn || model.Price is not null))
            .Select(model => Account(row) is { } account ? new ModerationModel(account, model.ModelId, model.Price) : null))
        .FirstOrDefault(model => model is not null);

    private static bool IsModeration(StoredModel model) => model.Capabilities.Contains(ModerationModel.Capability);

    /// <summary>A row's models, none when it cannot be asked as it stands; of the platform's only those that have a price: nobody uses on its account what nobody can reckon.</summary>
    private IEnumerable<AvailableModel> Of(StoredProvider row, IEnumerable<StoredModel> models)
    {
        var usable = models.Where(model => row.IsOwn || model.Price is not null).ToList();
        if (usable.Count == 0 || Account(row) is not { } account)
        {
            return [];
        }

        try
        {
            return [.. usable.Select(model => new AvailableModel(account, model.ModelId, model, chains.Of(account, model.ModelId, model.Price, row.ChangedAt)))];
        }
        catch (StepFault fault)
        {
            // It has no key or no address yet, or one that is none: its own fault, and nobody else's.
            LeaveOut(row, fault.Message);
            return [];
        }
    }

    /// <summary>The row with its key in clear; null when the key cannot be read, which the log tells.</summary>
    private ProviderAccount? Account(StoredProvider row)
    {
        try
        {
            var secret = row.ProtectedSecret is null ? null : secrets.Unprotect(row.Id, row.ProtectedSecret);
            return new(row.Id, row.Name, row.Kind, row.BaseUrl is null ? null : new Uri(row.BaseUrl), secret, Json.Read<ProviderSettings>(row.Settings))
            {
                IsOwn = row.IsOwn,
                MustBePublic = row.IsOwn && !_allowsPrivate,
            };
        }
        catch (SecretsException error)
        {
            LeaveOut(row, error.Message);
            return null;
        }
    }

    /// <summary>Said once for each state of a row, however often it is read.</summary>
    private void LeaveOut(StoredProvider row, string reason)
    {
        if (!_leftOut.TryGetValue(row.Id, out var changedAt) || changedAt != row.ChangedAt)
        {
            _leftOut[row.Id] = row.ChangedAt;
            LeftOut(log, row.Name, row.Id, reason);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The provider {Name} ({ProviderId}) is left out: {Reason}")]
    private static partial void LeftOut(ILogger log, string name, Guid providerId, string reason);
}
