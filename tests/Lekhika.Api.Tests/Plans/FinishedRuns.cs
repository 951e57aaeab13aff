using System.Text.Json;
using Lekhika.Core;
using Lekhika.Core.Executions.Steps;
using Lekhika.Core.Planning;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Plans;
using Microsoft.Extensions.DependencyInjection;

namespace Lekhika.Api.Tests.Plans;

/// <summary>Runs whose steps are finished as a worker would have finished them: 100 tokens read and 50 written for each.</summary>
internal static class FinishedRuns
{
    public static readonly string[] Nodes = ["requirements-1", "architect-1", "outliner-1", "writer-1", "compiler-1", "output-1"];

    /// <summary>A run of the default engine with every step finished.</summary>
    public static async Task<Guid> FinishedAsync(this RunningApi api, TestClient client)
    {
        var id = await client.SubmitAsync();
        foreach (var node in Nodes)
        {
            await api.FinishAsync(client, id, node);
        }

        await api.Database.ExecuteAsync("UPDATE engine_executions SET status = 'completed' WHERE id = $1", id);
        return id;
    }

    /// <summary>Finishes the steps of a node, or of one item of it, in this generation.</summary>
    public static async Task FinishAsync(this RunningApi api, TestClient client, Guid id, string nodeId, int generation = 1, int? only = null, string text = "")
    {
        var run = (await api.Services.GetRequiredService<ExecutionPlanStore>().LoadAsync(client.User.Id, id, CancellationToken.None))!.Run;
        var graph = WorkflowValidator.Graph(run.Workflow);
        var node = graph.Node(nodeId);
        var kind = RoleContracts.For(node.Data.Role!)!.Makes;
        var newest = run.Steps.GroupBy(step => (step.Step.NodeId, step.Step.Item)).Select(steps => steps.MaxBy(step => step.Step.Generation)!)
            .OrderBy(step => step.Step.Item).ToLookup(step => step.Step.NodeId);
        var facts = new StepFacts(graph, run.Brief, run.Formats, run.Settings, of => StepInputs.Join(newest[of].Select(step => step.Hash)), _ => null) { Prompts = run.Prompts };
        var inputs = Json.Write(StepInputs.Of(facts, node, guidance: generation > 1 ? "Less rain." : null));
        foreach (var item in kind != OutputKinds.Chapter ? [0] : only is { } one ? [one] : Enumerable.Range(1, run.Brief.ChapterCount))
        {
            var prose = $"Chapter {item} in generation {generation}. {text}";
            var content = kind switch
            {
                OutputKinds.Outline => Json.Write(Outline(run.Brief, text)),
                OutputKinds.Chapter => Json.Write(new { number = item, version = generation, words = 5 }),
                _ => Json.Write(new { nodeId, text }),
            };
            await api.Database.ExecuteAsync("""
                INSERT INTO node_outputs (execution_id, node_id, item, generation, user_id, kind, content, model, input_tokens, output_tokens, inputs, hash, attempt)
                VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, 'offline-author', 100, 50, $8::jsonb, $9, 1)
                """, id, nodeId, item, generation, client.User.Id, kind, content, inputs, StepInputs.Hash(kind == OutputKinds.Chapter ? prose : content));
            if (kind == OutputKinds.Chapter)
            {
                await api.Database.ExecuteAsync("INSERT INTO chapter_versions (execution_id, number, version, user_id, title, content, words, node_id) VALUES ($1, $2, $3, $4, $5, $6, 5, $7)",
                    id, item, generation, client.User.Id, $"Chapter {item}", prose, nodeId);
            }

            if (generation > 1)
            {
                await api.Database.ExecuteAsync("INSERT INTO regenerations (execution_id, node_id, item, generation, user_id, guidance) VALUES ($1, $2, $3, $4, $5, 'Less rain.')",
                    id, nodeId, kind == OutputKinds.Chapter ? item : 0, generation, client.User.Id);
            }
        }
    }

    /// <summary>Each step as "node item action: reasons".</summary>
    public static IReadOnlyList<string> Told(System.Text.Json.Nodes.JsonNode plan) =>
        [.. plan["steps"]!.AsArray().Select(step => $"{step!["nodeId"]} {step["item"]} {step["action"]}: {string.Join("; ", step["reasons"]!.AsArray())}")];

    private static Outline Outline(Brief brief, string text) => new(
        [.. Enumerable.Range(1, brief.ChapterCount).Select(n => new OutlineChapter(n, $"Chapter {n}", text, "", [], [], [], "", "", brief.WordCount / brief.ChapterCount))]);
}
