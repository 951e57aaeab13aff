using Lekhika.Core.Workflows;

namespace Lekhika.Core.Executions.Requests;

/// <summary>What a run consists of, as far as it is known: the nodes of its workflow, and the steps that were done or asked for.</summary>
/// <param name="workflow">The version that the run was submitted with.</param>
/// <param name="chapters">Chapters of the outline; null until there is one.</param>
/// <param name="done">Steps with an output, of every generation.</param>
/// <param name="asked">Steps that were to be done anew; their item may be <see cref="SelectedStep.EveryItem"/>.</param>
/// <param name="failed">Steps with which the run failed.</param>
public sealed class RunParts(
    WorkflowDefinition workflow, int? chapters, IReadOnlyCollection<StepKey> done, IReadOnlyCollection<StepKey> asked, IReadOnlyCollection<(string NodeId, int Item)> failed)
{
    private readonly WorkflowLinks _links = new(workflow);

    /// <summary>The ids of all nodes, in the order of the workflow.</summary>
    public IEnumerable<string> NodeIds => workflow.Nodes.Select(node => node.Id);

    /// <summary>The node with this id, or null.</summary>
    public WorkflowNode? Find(string id) => workflow.Nodes.FirstOrDefault(node => node.Id == id);

    /// <summary>Whether the node has a step with this item, done or still to be done.</summary>
    public bool Has(WorkflowNode node, int item) =>
        (Chapters(node) is { } last && item >= 1 && item <= last)
        || (item == 0 && IsAlone(node))
        || done.Any(step => step.NodeId == node.Id && step.Item == item)
        || failed.Contains((node.Id, item));

    /// <summary>How many chapters the node writes; null when it writes none, or there is no outline yet.</summary>
    public int? Chapters(WorkflowNode node) => WritesChapters(node) ? chapters : null;

    /// <summary>Whether the node's items are the chapters of the outline.</summary>
    public static bool WritesChapters(WorkflowNode node) => node.Data.Role is { } role && NodeRole.All.TryGetValue(role, out var known) && known.CanWrite;

    /// <summary>Whether the node does one thing only, without a fan-out.</summary>
    public static bool IsAlone(WorkflowNode node) => !WritesChapters(node) && string.IsNullOrWhiteSpace(node.Data.ForEach);

    /// <summary>The nodes that depend on this one, directly or not, and have done something or shown it: what else is made anew by itself.</summary>
    /// <param name="shown">Ids of preview nodes that have shown something.</param>
    public IReadOnlyList<string> Dependents(string nodeId, IEnumerable<string> shown)
    {
        var touched = done.Select(step => step.NodeId).Concat(shown).ToHashSet(StringComparer.Ordinal);
        var after = _links.From([nodeId]);
        return [.. NodeIds.Where(id => id != nodeId && after.Contains(id) && touched.Contains(id))];
    }

    /// <summary>The process nodes directly before a preview: what it shows.</summary>
    public IReadOnlyList<string> ShownBy(string previewId)
    {
        var before = _links.Predecessors(previewId).ToHashSet(StringComparer.Ordinal);
        return [.. workflow.Nodes.Where(node => node.Type == NodeType.Process && before.Contains(node.Id)).Select(node => node.Id)];
    }

    /// <summary>Whether a way leads from one node to another.</summary>
    public bool LeadsTo(string from, string to) => _links.Ancestors(to).Contains(from);

    /// <summary>
    /// The steps of a node that are not done as they were last asked for; empty when all are. Of a fan-out whose length is not known, those
    /// with which the run failed.
    /// </summary>
    public IReadOnlyList<SelectedStep> Unfinished(WorkflowNode node)
    {
        IEnumerable<int> items = Chapters(node) is { } last
            ? Enumerable.Range(1, last)
            : IsAlone(node) ? [0] : failed.Where(step => step.NodeId == node.Id).Select(step => step.Item).Distinct().Order();
        var unfinished = items.Where(item => Generation(done, node.Id, item) < Math.Max(1, Generation(asked, node.Id, item))).Select(item => new SelectedStep(node.Id, item)).ToList();
        return unfinished.Count > 0 || done.Any(step => step.NodeId == node.Id) ? unfinished : [new SelectedStep(node.Id, SelectedStep.EveryItem)];
    }

    /// <summary>The newest generation of a step that was done or asked for; 1 before it was either.</summary>
    public int Generation(SelectedStep step) =>
        Math.Max(1, Math.Max(Generation(done, step.NodeId, step.Item), Generation(asked, step.NodeId, step.Item)));

    private static int Generation(IEnumerable<StepKey> steps, string nodeId, int item) => steps
        .Where(step => step.NodeId == nodeId && (item == SelectedStep.EveryItem || step.Item == item || step.Item == SelectedStep.EveryItem))
        .Select(step => step.Generation).DefaultIfEmpty(0).Max();
}
