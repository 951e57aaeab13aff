using System.Collections.Concurrent;
using Lekhika.Worker.Ai.Chain;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Nodes;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Ai.Routing;

/// <summary>
/// What a model is asked with: the caller's options without what it does not take, and for no longer an answer than it gives. Which models take no
/// temperature changes with every generation of them, so it is learnt from their refusals, by each process for itself.
/// </summary>
internal sealed class ModelOptions
{
    private const string Temperature = "temperature";
    private const string TopP = "top_p";
    private const string Seed = "seed";

    /// <summary>The bits of a seed that every server reads alike: some are written in JavaScript, which has no whole numbers of 64 bits, and some take no negative ones.</summary>
    private const long OfSeed = int.MaxValue;

    /// <summary>A token has about so many characters, in English more, in other scripts fewer.</summary>
    private const int CharactersPerToken = 3;

    private readonly ConcurrentDictionary<(string Account, string Model, string Parameter), bool> _refused = new();

    /// <summary>The options for one model; the caller's stay as they are.</summary>
    public ChatOptions For(AvailableModel model, IEnumerable<ChatMessage> messages, ChatOptions options)
    {
        var asked = options.Clone();
        asked.ModelId = model.ModelId;
        asked.Temperature = Takes(model, Temperature) ? options.Temperature : null;
        asked.TopP = Takes(model, TopP) ? options.TopP : null;
        asked.Seed = !Takes(model, Seed) ? null : model.IsDemonstration ? options.Seed : options.Seed & OfSeed;
        if (options.MaxOutputTokens is { } most)
        {
            var left = model.Facts?.ContextWindow - messages.Sum(message => message.Text.Length / CharactersPerToken);
            // Where the window is full already, the server says so better than a limit of nothing would.
            asked.MaxOutputTokens = Math.Min(Math.Min(most, model.Facts?.MaxOutput ?? most), left > 0 ? left.Value : most);
        }

        return asked;
    }

    /// <summary>Whether the model has refused a part of the question that it can do without; it is not sent that any more.</summary>
    public bool Learn(AvailableModel model, ChatOptions asked, StepFault fault) => fault.Parameter switch
    {
        Temperature when asked.Temperature is not null => Refused(model, Temperature),
        TopP when asked.TopP is not null => Refused(model, TopP),
        Seed when asked.Seed is not null => Refused(model, Seed),
        _ => false,
    };

    private bool Refused(AvailableModel model, string parameter) => _refused[(model.Provider.Key, model.ModelId, parameter)] = true;

    private bool Takes(AvailableModel model, string parameter) => model.Provider.Kind switch
    {
        // API version 2026-10-21, which the official client speaks, has none of them: https://platform.claude.com/docs/en/api/migration-2026-10-21.
        ProviderKinds.Anthropic => false,
        ProviderKinds.Google when parameter == Seed => false,
        _ => !_refused.ContainsKey((model.Provider.Key, model.ModelId, parameter)),
    };
}
