using Lekhika.Core.Policies;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Models;
using Lekhika.Worker.Ai.Calls;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Nodes;

namespace Lekhika.Worker.Ai.Routing;

/// <summary>The text models that a tenant may use, in the platform's order, and the order in which they are tried.</summary>
internal sealed class TenantModels(IReadOnlyList<AvailableModel> models, IReadOnlyList<ModelPreference> preferences)
{
    /// <summary>What a node says when it leaves the choice to the platform.</summary>
    private const string Default = "default";

    /// <summary>What will not be written for the tenant.</summary>
    public required ContentPolicy Policy { get; init; }

    /// <summary>What judges the answers besides the word rules; null: nothing.</summary>
    public ModerationModel? Moderation { get; init; }

    /// <summary>The provider accounts of the models.</summary>
    public IEnumerable<ProviderAccount> Accounts => models.Select(model => model.Provider).DistinctBy(account => (account.Id, account.Name));

    /// <summary>The models to try, the first preferred; never empty.</summary>
    /// <exception cref="StepFault">None can be used; the message tells why.</exception>
    public IReadOnlyList<AvailableModel> Candidates(string node, string role, string task, IReadOnlyList<string> asked)
    {
        var named = asked.Count == 0 ? [Default] : asked;
        var found = named.SelectMany(name => name == Default ? Preferred(role, task) : Named(name)).DistinctBy(model => model.Key).ToList();
        if (found.Count == 0)
        {
            throw StepFault.Permanent(asked.All(name => name == Default)
                ? "No model is configured. Add a provider with a model, or set its key in the environment."
                : $"None of the models of the node '{node}' is configured ({string.Join(", ", asked)}).");
        }

        var able = task == OutputKinds.Chapter ? found : found.FindAll(model => model.CanStructure);
        return able.Count > 0
            ? able
            : throw StepFault.Permanent($"None of the models of the node '{node}' can answer in a structure, which {task} needs ({string.Join(", ", found.Select(model => model.Key))}).");
    }

    /// <summary>The account of a model, as a batch remembers it; null when it is there no longer.</summary>
    /// <param name="providerId">Empty for one of the environment.</param>
    public ProviderAccount? Account(Guid providerId, string name, string modelId) =>
        models.FirstOrDefault(model => model.Provider.Id == providerId && model.Provider.Name == name && model.ModelId == modelId)?.Provider;

    /// <summary>The models for a call.</summary>
    public IReadOnlyList<AvailableModel> Candidates(ModelCall call) => Candidates(call.Step.NodeId, call.Role, call.Task, call.Asked);

    /// <summary>The user's own come first, so that they hide the platform's of the same name.</summary>
    private IEnumerable<AvailableModel> Named(string name) => models.Where(model => model.Key == name).Take(1);

    private IEnumerable<AvailableModel> Preferred(string role, string task)
    {
        var preferred = preferences
            .Where(row => (row.Role is null || row.Role == role) && (row.Task is null || row.Task == task))
            .OrderByDescending(row => (row.IsOwn, row.Role is not null, row.Task is not null, row.Tier is not null))
            .Select(row => row.Models.SelectMany(Named).ToList())
            .FirstOrDefault(found => found.Count > 0);
        return preferred ?? (models.Any(model => !model.IsDemonstration) ? models.Where(model => !model.IsDemonstration) : models);
    }
}
