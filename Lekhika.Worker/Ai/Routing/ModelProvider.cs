using Lekhika.Worker.Ai.Providers;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Ai.Routing;

/// <summary>A provider that is there without a row: of the environment, or one that is no language model. Its client, and what its books say of it.</summary>
/// <param name="Key">The key of <c>keyName:modelId</c>, and its kind.</param>
/// <param name="Colophon">One string a paragraph, about who wrote; null: the sentence for language models. A label, never left out.</param>
internal sealed record ModelProvider(string Key, string ModelId, IChatClient Client, IReadOnlyList<string>? Colophon)
{
    public ProviderAccount Account { get; init; } = new(Guid.Empty, Key, Key, null, null, new ProviderSettings());
}
