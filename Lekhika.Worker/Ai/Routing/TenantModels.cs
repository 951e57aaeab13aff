using Lekhika.Core.Policies;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Models;
using Lekhika.Worker.Ai.Calls;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Nodes;

namespace Lekhika.Worker.Ai.Routing;

/// <summary>The models that a tenant may use, in the platform's order, and the order in which they are tried.</summary>
/// <param name="models">Those that write.</param>
internal sealed class TenantModels(IReadOnlyList<AvailableModel> models, IReadOnlyList<ModelPreference> preferences)
{
    /// <summary>What a node says when it leaves the choice to the platform.</summary>
    private const string Default = "default";

    /// <summary>What will not be written for the tenant.</summary>
    public required ContentPolicy Policy { get; init; }

    /// <summary>Those that draw.</summary>
    public IReadOnlyList<ImageModel> Images { get; init; } = [];

    /// <summary>Those that turn texts into vectors; the offline one is always among them.</summary>
    public IReadOnlyList<EmbeddingModel> Embeddings { get; init; } = [];

    /// <summary>Providers and models that nobody is sent to.</summary>
    public IReadOnlyList<LeftOut> LeftOut { get; init; } = [];

    /// <summary>What judges briefs and answers besides the word rules: the platform's, which no tenant switches off, and the tenant's own.</summary>
    public IReadOnlyList<ModerationModel> Moderations { get; init; } = [];

    /// <summary>The provider accounts of the models.</summary>
    public IEnumerable<ProviderAccount> Accounts => models.Concat<UsableModel>(Images).Concat(Embeddings).Select(model => model.Provider)
        .Concat(Moderations.Select(model => model.Provider)).DistinctBy(account => (account.Id, account.Name));

    /// <summary>Whether anything of it is the tenant's own.</summary>
    public bool HasOwn => Accounts.Any(account => account.IsOwn) || LeftOut.Any(left => left.IsOwn);

    /// <summary>The models to try, the first preferred; never empty.</summary>
    /// <exception cref="StepFault">None can be used; the message tells why.</exception>
    public IReadOnlyList<AvailableModel> Candidates(string node, string role, string task, IReadOnlyList<string> asked)
    {
        var found = Found(models, role, task, asked);
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

    /// <summary>The models that may draw for a node, the first preferred; never empty.</summary>
    /// <exception cref="StepFault">There is none: nothing is drawn, and nothing pretends to be.</exception>
    public IReadOnlyList<ImageModel> Painters(string node, string role, string task, IReadOnlyList<string> asked) => Found(Images, role, task, asked) is { Count: > 0 } found
        ? found
        : throw StepFault.Permanent(asked.All(name => name == Default)
            ? $"The node '{node}' makes images, and no model for images is configured. Add a provider with a model of the category image, or take the node out of the engine."
            : $"None of the models of the node '{node}' is a configured model for images ({string.Join(", ", asked)}).");

    /// <summary>
    /// The model for embeddings. One and not several: vectors of different models cannot be compared, so another is never asked in its place. The tenant's
    /// preference (task <c>embeddings</c>) decides, else the first configured, else the offline one.
    /// </summary>
    public EmbeddingModel Embedding(string? role = null) => Found(Embeddings, role, "embeddings", [])[0];

    private List<T> Found<T>(IReadOnlyList<T> among, string? role, string task, IReadOnlyList<string> asked)
        where T : UsableModel
    {
        var named = asked.Count == 0 ? [Default] : asked;
        return named.SelectMany(name => name == Default ? Preferred(among, role, task) : Named(among, name)).DistinctBy(model => model.Key).ToList();
    }

    /// <summary>The user's own come first, so that they hide the platform's of the same name.</summary>
    private static IEnumerable<T> Named<T>(IReadOnlyList<T> among, string name)
        where T : UsableModel => among.Where(model => model.Key == name).Take(1);

    private IEnumerable<T> Preferred<T>(IReadOnlyList<T> among, string? role, string task)
        where T : UsableModel
    {
        var preferred = preferences
            .Where(row => (row.Role is null || row.Role == role) && (row.Task is null || row.Task == task))
            .OrderByDescending(row => (row.IsOwn, row.Role is not null, row.Task is not null, row.Tier is not null))
            .Select(row => row.Models.SelectMany(name => Named(among, name)).ToList())
            .FirstOrDefault(found => found.Count > 0);
        return preferred ?? (among.Any(model => !model.IsDemonstration) ? among.Where(model => !model.IsDemonstration) : among);
    }
}
