using System.Text.Json;
using Lekhika.Core.Executions;
using Lekhika.Core.Executions.Steps;
using Lekhika.Core.Planning;
using Lekhika.Core.Prompts;
using Lekhika.Core.Workflows;

namespace Lekhika.Core.Tests.Executions.Steps;

/// <summary>Runs that are finished as a worker would finish them: each step with its inputs, its hash and 100 tokens read, 50 written.</summary>
internal static class FinishedRun
{
    public static Dictionary<string, string> Form => new(StringComparer.Ordinal)
    {
        ["book_title"] = "The Salt Cartographer",
        ["tone"] = "warm",
        ["chapter_count"] = "3",
        ["word_count"] = "1500",
        ["author_name"] = "Asha Rao",
        ["images"] = "no",
    };

    public static WorkflowDefinition Book { get; } = Workflow(
        "in:story_input bible:narrative_architect outline:story_outliner writer:content_writer book:end_to_end_polisher out:multi_format_output",
        "in>bible bible>outline outline>writer writer>book book>out");

    public static Brief Brief(params (string Name, string? Value)[] changes)
    {
        var form = Form;
        foreach (var (name, value) in changes)
        {
            form[name] = value ?? "";
        }

        return BriefReader.Read(form.Where(pair => pair.Value.Length > 0).ToDictionary(pair => pair.Key, pair => JsonSerializer.SerializeToElement(pair.Value)))
            .Brief! with
        { Seed = 7 };
    }

    /// <param name="nodes">As "id:role".</param>
    public static WorkflowDefinition Workflow(string nodes, string edges) => new(
        [.. nodes.Split(' ').Select(node => node.Split(':')).Select(node => new WorkflowNode(node[0], NodeRole.All[node[1]].Type, new NodeData { Role = node[1], SelectedModels = ["default"] }))],
        [.. edges.Split(' ').Select((edge, i) => new WorkflowEdge($"e{i}", edge.Split('>')[0], edge.Split('>')[1]))]);

    public static WorkflowDefinition With(this WorkflowDefinition workflow, string nodeId, Func<NodeData, NodeData> change) =>
        workflow with { Nodes = [.. workflow.Nodes.Select(node => node.Id == nodeId ? node with { Data = change(node.Data) } : node)] };

    public static StoredRun Of(WorkflowDefinition workflow, Brief? brief = null, PromptSet? prompts = null)
    {
        var run = new StoredRun(workflow, brief ?? Brief(), ["pdf"], "{}") { Prompts = prompts ?? PromptSet.Embedded };
        var graph = WorkflowValidator.Graph(workflow);
        foreach (var id in graph.TopologicalOrder)
        {
            run = run.Finish(id);
        }

        return run;
    }

    /// <summary>The run with all steps of a node finished, in this generation, from what is there now.</summary>
    public static StoredRun Finish(this StoredRun run, string nodeId, int generation = 1, string? guidance = null, string text = "")
    {
        var graph = WorkflowValidator.Graph(run.Workflow);
        var node = graph.Node(nodeId);
        var kind = RoleContracts.For(node.Data.Role!)!.Makes;
        var newest = run.Steps.GroupBy(step => (step.Step.NodeId, step.Step.Item)).Select(steps => steps.MaxBy(step => step.Step.Generation)!).ToLookup(step => step.Step.NodeId);
        var facts = new StepFacts(
            graph, run.Brief, run.Formats, run.Settings,
            id => StepInputs.Join(newest[id].Select(step => step.Hash)), id => newest[id].Any() ? JsonElement.Parse(newest[id].First().Content) : null)
        {
            Prompts = run.Prompts,
        };
        var items = kind == OutputKinds.Chapter ? Enumerable.Range(1, run.Brief.ChapterCount) : [0];
        return run with
        {
            Steps = [.. run.Steps, .. items.Select(item => Step(item))],
            Regenerated = generation == 1 ? run.Regenerated : [.. run.Regenerated, new StepKey(nodeId, StoredRun.EveryItem, generation)],
        };

        StoredStep Step(int item)
        {
            var content = kind == OutputKinds.Outline ? Json.Write(Outline(run.Brief, text)) : Json.Write(new { nodeId, item, generation, text });
            return new(new StepKey(nodeId, item, generation), kind, content, StepInputs.Of(facts, node, guidance: guidance), StepInputs.Hash(content), 100, 50);
        }
    }

    private static Outline Outline(Brief brief, string text) => new(
        [.. Enumerable.Range(1, brief.ChapterCount).Select(n => new OutlineChapter(n, $"Chapter {n} {text}", "", "", [], [], [], "", "", brief.WordCount / brief.ChapterCount))]);
}
