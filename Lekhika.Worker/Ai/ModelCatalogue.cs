using Lekhika.Core.Workflows;
using Lekhika.Worker.Nodes;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Ai;

/// <summary>A provider of models that is configured: its key as nodes name it, its client, and what its books say of it.</summary>
/// <param name="Colophon">One string a paragraph, about who wrote; null: the sentence for language models. A label, never left out.</param>
internal sealed record ModelProvider(string Key, string ModelId, IChatClient Client, IReadOnlyList<string>? Colophon);

/// <summary>Finds the model that a node asks for.</summary>
internal sealed class ModelCatalogue(IEnumerable<ModelProvider> providers, TimeProvider time)
{
    /// <summary>What a node says when it leaves the choice to the platform: the first provider that is configured.</summary>
    private const string Default = "default";

    // In the order of registration, which is the order of preference.
    private readonly List<ModelProvider> _all = [.. providers.Select(provider => provider with { Client = new TelemetryChatClient(provider.Client, time) })];

    /// <summary>The provider of the first of the node's selected models (<c>key:model</c>, or <c>default</c>) that is configured.</summary>
    public ModelProvider For(WorkflowNode node)
    {
        var asked = node.Data.SelectedModels ?? [];
        foreach (var model in asked)
        {
            if ((model == Default ? _all.FirstOrDefault() : _all.Find(provider => model == $"{provider.Key}:{provider.ModelId}")) is { } found)
            {
                return found;
            }
        }

        throw StepFault.Permanent(asked.Count == 0
            ? $"The node '{node.Data.Label ?? node.Id}' names no model. Choose one in the engine."
            : $"None of the models of the node '{node.Data.Label ?? node.Id}' is configured ({string.Join(", ", asked)}).");
    }

    /// <summary>The colophon of a book that these models wrote.</summary>
    public IReadOnlyList<string> Colophon(IEnumerable<string> models) =>
        [.. models.SelectMany(model => _all.Find(provider => provider.ModelId == model)?.Colophon
            ?? [$"The text of this book was written by the language model {model}, through Lekhika."])];
}
