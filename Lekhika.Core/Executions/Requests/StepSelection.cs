using Lekhika.Core.Workflows;

namespace Lekhika.Core.Executions.Requests;

/// <summary>Steps as a person names them.</summary>
/// <param name="Items">Elements of the node's fan-out, such as chapters; null for all that the node does.</param>
public sealed record StepChoice(string NodeId, IReadOnlyList<int>? Items = null);

/// <summary>A step that is to be done anew.</summary>
/// <param name="Item">Its item; <see cref="EveryItem"/> when all that the node does is meant.</param>
/// <param name="Guidance">What a person wants to be different.</param>
/// <param name="Fault">What was wrong with the earlier answer.</param>
public sealed record SelectedStep(string NodeId, int Item, string? Guidance = null, string? Fault = null)
{
    /// <summary>Stands for every element of a node's fan-out.</summary>
    public const int EveryItem = -1;
}

/// <summary>Selected steps, or the sentence that says what is wrong with the choice.</summary>
/// <param name="Field">What of a choice is wrong: <c>nodeId</c> or <c>items</c>.</param>
public sealed record StepSelection(IReadOnlyList<SelectedStep> Steps, string? Field = null, string? Fault = null)
{
    /// <summary>Most generations of one step.</summary>
    public const int MaxGenerations = 20;

    /// <summary>The steps of a choice; refused when the workflow has no such node, or the node no such step.</summary>
    public static StepSelection Of(RunParts parts, StepChoice choice, string? guidance = null, string? fault = null)
    {
        if (parts.Find(choice.NodeId) is not { } node)
        {
            return new([], "nodeId", $"The workflow of this run has no node '{Shorten(choice.NodeId)}'. It has {string.Join(", ", parts.NodeIds)}.");
        }

        if (choice.Items is not { } items)
        {
            return new([new SelectedStep(node.Id, SelectedStep.EveryItem, guidance, fault)]);
        }

        foreach (var item in items)
        {
            if (!parts.Has(node, item))
            {
                return new([], "items", Missing(parts, node, item));
            }
        }

        return new([.. items.Distinct().Select(item => new SelectedStep(node.Id, item, guidance, fault))]);
    }

    /// <summary>Several selections as one: of a step that is selected twice the first stays; the first that is refused refuses all.</summary>
    public static StepSelection All(IEnumerable<StepSelection> selections)
    {
        var steps = new List<SelectedStep>();
        foreach (var selection in selections)
        {
            if (selection.Fault is not null)
            {
                return selection;
            }

            steps.AddRange(selection.Steps);
        }

        return new([.. steps.DistinctBy(step => (step.NodeId, step.Item))]);
    }

    private static string Missing(RunParts parts, WorkflowNode node, int item) => parts.Chapters(node) switch
    {
        { } chapters => $"The node '{node.Id}' has no chapter {item}; its chapters are 1 to {chapters}.",
        null when RunParts.WritesChapters(node) => $"The node '{node.Id}' has no chapter {item} yet: there is no outline.",
        null when RunParts.IsAlone(node) => $"The node '{node.Id}' does one thing only: leave its items out.",
        null => $"The node '{node.Id}' has not done an element {item}.",
    };

    private static string Shorten(string text) => text.Length <= 100 ? text : text[..100] + "…";
}
