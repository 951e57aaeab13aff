using Lekhika.Core.Exports;
using Lekhika.Core.Exports.Forms;
using Lekhika.Core.Planning;

namespace Lekhika.Core.Workflows.Rules;

/// <summary>A workflow under check, with what several rules ask of it. No node and no edge is null; all else may be wrong.</summary>
internal sealed class CheckedWorkflow
{
    /// <summary>What the brief reads, in the form in which variables are compared.</summary>
    public static IReadOnlySet<string> OfBrief { get; } = BriefReader.Names.Select(FieldReference.Normal).ToHashSet();

    /// <summary>What the makers of files read, likewise.</summary>
    public static IReadOnlySet<string> OfFiles { get; } = FormSettings.Variables.Select(FieldReference.Normal).ToHashSet();

    private readonly IReadOnlySet<string> _behindUnknown;
    private readonly HashSet<string> _ids;

    public CheckedWorkflow(WorkflowDefinition definition)
    {
        Definition = definition;
        Links = new WorkflowLinks(definition);
        _ids = [.. definition.Nodes.Select(node => node.Id)];
        _behindUnknown = Links.From(definition.Edges.Where(edge => !Has(edge.Source) && Has(edge.Target)).Select(edge => edge.Target));
        Declared = [.. Nodes(NodeType.Input).SelectMany(node => node.Data.InputFields ?? []).Where(field => field is not null).Select(field => FieldReference.Normal(field.Variable))];
    }

    public WorkflowDefinition Definition { get; }

    public WorkflowLinks Links { get; }

    /// <summary>The variables of the form.</summary>
    public HashSet<string> Declared { get; }

    /// <summary>Whether any variable may be sent.</summary>
    public bool IsFormOpen => Declared.Count == 0;

    public bool Has(string id) => _ids.Contains(id);

    public IEnumerable<WorkflowNode> Nodes(NodeType type) => Definition.Nodes.Where(node => node.Type == type);

    /// <summary>Whether all that leads to a node is there, so that something can be said about it.</summary>
    public bool KnowsWayTo(string id) => !_behindUnknown.Contains(id);

    public FieldReference Reference(string field) => FieldReference.Parse(field, _ids);

    /// <summary>What is wrong with a field that a node looks at, as the end of a sentence; null when it can be resolved.</summary>
    public string? FaultOf(WorkflowNode node, FieldReference reference) => reference.NodeId switch
    {
        { } id when Links.Ancestors(node.Id).Contains(id) || !KnowsWayTo(node.Id) => null,
        { } id => $"looks into the output of the node {Quoted(id)}, which does not run before it: lead that node to it, or name another field",
        null when IsFormOpen || Declared.Contains(FieldReference.Normal(reference.Field)) => null,
        null => $"looks at the variable {Quoted(reference.Field)}, which the form does not declare: add it to the inputFields of the input node, or name another field",
    };

    /// <summary>A text of the client in a sentence: in quotes, and not longer than the sentence bears.</summary>
    public static string Quoted(string? text) => text is { Length: > 100 } ? $"'{text[..100]}…'" : $"'{text}'";
}
