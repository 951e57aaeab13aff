using Lekhika.Core.Executions;
using Lekhika.Core.Prompts;
using Lekhika.Persistence.Runs;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Ai.Calls;

/// <summary>What a call of a model is for. It travels with the call's options through the chain of clients and never leaves the process.</summary>
/// <param name="Role">The node's.</param>
/// <param name="Task">The kind of what is asked for: one of <see cref="Core.Workflows.OutputKinds"/>.</param>
/// <param name="Asked">The models of the node, the first preferred; empty: the platform's choice.</param>
/// <param name="Log">Where the call is recorded.</param>
internal sealed record ModelCall(RunLease Lease, StepKey Step, string Role, string Task, IReadOnlyList<string> Asked, CallLog Log)
{
    /// <summary>The version of the prompt; null when there is none.</summary>
    public PromptVersion? Prompt { get; init; }

    /// <summary>Whether another model would be asked if this one cannot be: then nobody waits long for a limit.</summary>
    public bool HasAlternative { get; init; }
}

internal static class ModelCallOptions
{
    private const string Key = "lekhika.call";

    /// <summary>What the call is for; null when nobody said.</summary>
    public static ModelCall? Call(this ChatOptions? options) => options?.AdditionalProperties.Call();

    /// <summary>Of options of another kind than a chat's.</summary>
    public static ModelCall? Call(this AdditionalPropertiesDictionary? properties) => properties?.TryGetValue(Key, out var call) == true ? call as ModelCall : null;

    /// <summary>The properties of such options.</summary>
    public static AdditionalPropertiesDictionary Properties(this ModelCall call) => new() { [Key] = call };

    public static ChatOptions With(this ChatOptions options, ModelCall call)
    {
        options.AdditionalProperties ??= [];
        options.AdditionalProperties[Key] = call;
        return options;
    }
}
