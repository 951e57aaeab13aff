using Lekhika.Core.Prompts;
using Lekhika.Core.Workflows;

namespace Lekhika.Core.Models;

/// <summary>Checks that the models that a valid workflow names can do what its nodes ask of them, as far as that is known.</summary>
public static class ModelFit
{
    /// <summary>Of a node that sets none: its answer, and the brief, the bible and the outline of a short book.</summary>
    private const int LeastWindow = 8_000;

    /// <summary>A token has about so many characters, in English more, in other scripts fewer.</summary>
    private const int CharactersPerToken = 3;

    /// <summary>The faults, one for each node and model that do not fit.</summary>
    public static IReadOnlyList<WorkflowFault> Check(WorkflowDefinition workflow, KnownModels known) =>
    [
        .. from node in workflow.Nodes
           where node.Data.AiEnabled && node.Data.Role is not null
           let makes = RoleContracts.For(node.Data.Role!)?.Makes
           where makes is OutputKinds.Requirements or OutputKinds.Bible or OutputKinds.Outline or OutputKinds.Chapter or OutputKinds.Report or OutputKinds.Image or OutputKinds.Cover
           from name in node.Data.SelectedModels ?? []
           let fault = Fault(node, makes, name, known)
           where fault is not null
           select fault,
    ];

    private static WorkflowFault? Fault(WorkflowNode node, string makes, string name, KnownModels known)
    {
        if (!known.Models.TryGetValue(name, out var model))
        {
            return known.Providers.Contains(name.Split(':', 2)[0])
                ? new("unknown_model", $"Node '{node.Id}' names the model {name}, which its provider does not have.", [node.Id])
                : null;
        }

        var asked = node.Data.MaxTokens ?? 0;
        var needed = Math.Max(LeastWindow, asked + ((PromptSet.Embedded.System(node, makes).Length + PromptSet.Embedded.Task(node, makes).Length) / CharactersPerToken));
        return model switch
        {
            { IsUsable: false } => new("model_off", $"Node '{node.Id}' names the model {name}, which is switched off or has no price.", [node.Id]),
            _ when OutputKinds.IsPicture(makes) => model.Category == "image" ? null : new("model_category", $"Node '{node.Id}' asks for a picture, but {name} is a model for {model.Category}.", [node.Id]),
            { Category: not "text" } => new("model_category", $"Node '{node.Id}' asks for text, but {name} is a model for {model.Category}.", [node.Id]),
            _ when makes != OutputKinds.Chapter && !model.Capabilities.Contains("structured") =>
                new("model_structure", $"Node '{node.Id}' asks for {makes} in a structure, which {name} cannot give.", [node.Id]),
            { MaxOutput: { } most } when asked > most => new("model_output", $"Node '{node.Id}' asks for answers of up to {asked} tokens; {name} gives at most {most}.", [node.Id]),
            { ContextWindow: { } window } when needed > window => new("model_window", $"Node '{node.Id}' needs about {needed} tokens; {name} reads and writes {window}.", [node.Id]),
            _ => null,
        };
    }
}
