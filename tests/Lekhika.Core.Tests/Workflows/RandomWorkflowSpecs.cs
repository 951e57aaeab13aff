using Lekhika.Core.Workflows;

namespace Lekhika.Core.Tests.Workflows;

public sealed class RandomWorkflowSpecs
{
    [Fact]
    public void A_circle_is_found_exactly_when_there_is_one_and_a_sound_graph_runs_to_its_end()
    {
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            var count = random.Next(1, 30);
            var edges = new List<string>();
            for (var i = 0; i < count; i++)
            {
                edges.Add(i == 0 || random.Next(3) == 0 ? $"in>n{i}" : $"n{random.Next(i)}>n{i}");
                edges.Add(random.Next(2) == 0 || i == 0 ? $"in>n{i}" : $"n{random.Next(i)}>n{i}");
            }

            // Every second graph gets edges that may lead back.
            if (round % 2 == 0)
            {
                edges.Add($"n{random.Next(count)}>n{random.Next(count)}");
            }

            var workflow = Workflow.Of(string.Join(' ', ["in", .. Enumerable.Range(0, count).Select(n => $"n{n}")]), string.Join(' ', edges));
            if (HasCircle(workflow))
            {
                workflow.Codes().ShouldBe("cycle");
                continue;
            }

            var graph = WorkflowValidator.Graph(workflow);
            var completed = new HashSet<string>();
            while (graph.Ready(completed).FirstOrDefault() is { } id)
            {
                completed.Add(id).ShouldBeTrue();
            }

            completed.Count.ShouldBe(count + 1);
            var rank = graph.TopologicalOrder.Index().ToDictionary(place => place.Item, place => place.Index);
            rank.Count.ShouldBe(count + 1);
            graph.Edges.ShouldAllBe(edge => rank[edge.Source] < rank[edge.Target]);
            graph.Edges.ShouldAllBe(edge => graph.Ancestors(edge.Target).Contains(edge.Source));
        }
    }

    [Fact]
    public void Whatever_a_workflow_is_made_of_its_faults_are_told_and_nothing_is_thrown()
    {
        var random = new Random(11);
        string?[] roles = [.. NodeRole.All.Keys, "sorcerer", "", null];
        string[] texts = ["", " ", ".", "n1", "n1.a.0", "n2.", "topic", "mood", "{", "{n1.a} {mood} {x-y}", "}{", "{ü }", "{...}", new string('{', 200)];
        string[] values = ["-", "1", "\"a\"", "true", "[]", "{}", "\"\\ud800\"", "1e999"];
        for (var round = 0; round < 2_000; round++)
        {
            string Text() => texts[random.Next(texts.Length)];
            string Id() => random.Next(20) == 0 ? "gone" : $"n{random.Next(8)}";
            var nodes = Enumerable.Range(0, random.Next(1, 9)).Select(n => new WorkflowNode(random.Next(20) == 0 ? Id() : $"n{n}", (NodeType)random.Next(5), new NodeData
            {
                Role = roles[random.Next(roles.Length)],
                SystemPrompt = random.Next(2) == 0 ? null : Text(),
                UserPrompt = Text(),
                Conditions = random.Next(2) == 0 ? null : [.. Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(9) == 0 ? null! : Workflow.When(Text(), (ConditionOperator)random.Next(6), values[random.Next(values.Length)], Id()))],
                DefaultRoute = random.Next(3) == 0 ? Id() : null,
                MaxAttempts = random.Next(-1, 13),
                ForEach = random.Next(3) == 0 ? Text() : null,
                InputFields = random.Next(2) == 0 ? null : [new(Text()), random.Next(9) == 0 ? null! : new("mood")],
            })).ToList();
            var workflow = new WorkflowDefinition(nodes, [.. Enumerable.Range(0, random.Next(12)).Select(n => new WorkflowEdge($"e{n}", Id(), Id()))]);

            var faults = WorkflowValidator.Validate(workflow);

            faults.ShouldAllBe(fault => fault.Message.EndsWith('.') && fault.Code.Length > 0 && fault.Message.Length < 3_000);
            faults.Any(fault => fault.Code == "cycle").ShouldBe(HasCircle(workflow));
            foreach (var node in nodes)
            {
                ConditionEvaluator.Routes(node, ["n1", "n2"], _ => null);
            }
        }
    }

    /// <summary>By taking away nodes that nothing leads to until none is left: the other way round than the validator looks.</summary>
    private static bool HasCircle(WorkflowDefinition workflow)
    {
        var left = workflow.Nodes.Select(node => node.Id).ToHashSet();
        while (left.RemoveWhere(id => !workflow.Edges.Any(edge => edge.Target == id && left.Contains(edge.Source))) > 0)
        {
        }

        return left.Count > 0;
    }
}
