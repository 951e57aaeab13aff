using Lekhika.Core;
using Lekhika.Core.Executions.Steps;
using Lekhika.Core.Exports;
using Lekhika.Core.Planning;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Plans;
using Lekhika.Persistence.Tenancy;
using Lekhika.Testing.Chat;
using Lekhika.Testing.Runs;
using Lekhika.Testing.Servers;
using Npgsql;

namespace Lekhika.Worker.Tests.Pipeline;

/// <summary>Runs that are made from what a worker has finished, read back from the database.</summary>
public sealed class ForkRunSpecs : IAsyncLifetime
{
    private readonly ScriptedChatClient _model = new();
    private TestDatabase _database = null!;
    private NpgsqlDataSource _source = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _source = NpgsqlDataSource.Create(_database.Api);
    }

    public async Task DisposeAsync()
    {
        await _source.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_fork_asks_the_model_for_what_has_changed_alone()
    {
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(3));
        var run = await QueuedRun.InsertAsync(_database);
        await run.UntilAsync("exporting");
        var stored = await LoadAsync(run);
        RunPlanner.Stale(stored.Run).ShouldBeEmpty();
        Actions(RunPlanner.Plan(stored.Run, Same(stored.Run))).ShouldBe("reuse reuse reuse reuse reuse reuse run run");
        var asked = _model.Requests.Count;

        var rhymed = Change(stored.Run, "writer-1", data => data with { UserPrompt = "Write the chapter in rhymes." });
        var plan = RunPlanner.Plan(stored.Run, rhymed);
        Actions(plan).ShouldBe("reuse reuse reuse run run run run run");
        var fork = await ForkAsync(run, stored, rhymed, plan);
        await fork.UntilAsync("exporting");

        (_model.Requests.Count - asked).ShouldBe(3, "the three chapters");
        RunPlanner.Stale((await LoadAsync(fork)).Run).ShouldBeEmpty();
        (await fork.JournalAsync()).Take(4).ShouldBe(["run.submitted", "step.reused", "step.reused", "step.reused"]);
    }

    [Fact]
    public async Task A_fork_has_the_platform_s_newest_prompts_and_asks_for_what_they_are_for()
    {
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(3));
        var run = await QueuedRun.InsertAsync(_database);
        await run.UntilAsync("exporting");
        await _database.PublishAsync("chapter", "The house style.");
        var (stored, asked) = (await LoadAsync(run), _model.Requests.Count);
        RunPlanner.Stale(stored.Run).ShouldBeEmpty();

        var changed = Same(stored.Run) with { Prompts = stored.PromptsInForce };
        var plan = RunPlanner.Plan(stored.Run, changed);
        plan.Steps.First(step => step.NodeId == "writer-1").Reasons.ShouldBe(["prompt: the platform's version 1, 0 before"]);
        var fork = await ForkAsync(run, stored, changed, plan);
        await fork.UntilAsync("exporting");

        _model.Requests.Skip(asked).Select(request => request.Messages[0].Text.Split('\n')[0]).ShouldBe(["The house style.", "The house style.", "The house style."]);
        RunPlanner.Stale((await LoadAsync(fork)).Run).ShouldBeEmpty();
        (await fork.AskAsync<string>("SELECT string_agg(DISTINCT parameters ->> 'promptVersion', ' ') FROM ai_calls WHERE execution_id = $1")).ShouldBe("1");
    }

    [Fact]
    public async Task A_fork_of_a_whole_book_compiles_it_again_and_asks_nobody()
    {
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(3));
        var run = await QueuedRun.InsertAsync(_database);
        await run.UntilAsync("exporting");
        var (stored, asked) = (await LoadAsync(run), _model.Requests.Count);

        var fork = await ForkAsync(run, stored, Same(stored.Run), RunPlanner.Plan(stored.Run, Same(stored.Run)));
        await fork.UntilAsync("exporting");

        _model.Requests.Count.ShouldBe(asked);
        (await fork.TextAsync()).ShouldBe(await run.TextAsync());
        (await fork.AskAsync<string>("SELECT concat_ws(' ', chapters_done, words > 0, input_tokens, output_tokens) FROM engine_executions WHERE id = $1")).ShouldBe("3 t 0 0");
    }

    [Fact]
    public async Task Lists_and_decisions_serve_whatever_order_and_escapes_the_database_keeps()
    {
        var report = Json.Write(new Report("Drei Käfer.", [new("Käfer", "grün"), new("<Laus>", "blau")], 90));
        _model.When(request => request.Text.Contains("\"name\":\"list\"", StringComparison.Ordinal) || request.Text.Contains("\"name\":\"each\"", StringComparison.Ordinal)).Say(report);
        _model.When(request => request.Text.Contains("\"name\":\"left\"", StringComparison.Ordinal)).Say(report);
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(1));
        var run = await QueuedRun.InsertAsync(_database, workflow: new WorkflowDefinition(
            [
                Node("in", NodeType.Input, new() { Role = "story_input" }), Node("list", NodeType.Process, new() { Role = "researcher" }),
                Node("each", NodeType.Process, new() { Role = "fact_checker", ForEach = "list.findings", UserPrompt = "Check {list.findings}." }),
                Node("gate", NodeType.Condition, new() { Role = "preference_router", Conditions = [new("list.findings", ConditionOperator.Exists, null, "left")], DefaultRoute = "right" }),
                Node("left", NodeType.Process, new() { Role = "researcher" }), Node("right", NodeType.Process, new() { Role = "researcher" }),
            ],
            [new("1", "in", "list"), new("2", "list", "each"), new("3", "each", "gate"), new("4", "gate", "left"), new("5", "gate", "right")]));
        await run.UntilAsync("completed");

        var stored = await LoadAsync(run);

        RunPlanner.Stale(stored.Run).ShouldBeEmpty();
        var plan = RunPlanner.Plan(stored.Run, Same(stored.Run));
        plan.Steps.Select(step => $"{step.NodeId} {step.Item} {step.Action} {string.Join("; ", step.Reasons)}".Trim()).ShouldBe(
            ["in 0 Reuse", "list 0 Reuse", "each 1 Reuse", "each 2 Reuse", "gate 0 Reuse", "left 0 Reuse", "right 0 Skip a condition leads elsewhere"]);
    }

    private static string Actions(RunPlan plan) => string.Join(' ', plan.Steps.Select(step => step.Action.ToString().ToLowerInvariant()));

    private static WorkflowNode Node(string id, NodeType type, NodeData data) => new(id, type, data with { Label = id, SelectedModels = ["default"] });

    private static ChangedRun Same(StoredRun run) => new(WorkflowValidator.Graph(run.Workflow), run.Brief, run.Formats, run.Settings) { Prompts = run.Prompts };

    private static ChangedRun Change(StoredRun run, string nodeId, Func<NodeData, NodeData> change) => Same(run) with
    {
        Graph = WorkflowValidator.Graph(run.Workflow with { Nodes = [.. run.Workflow.Nodes.Select(node => node.Id == nodeId ? node with { Data = change(node.Data) } : node)] }),
    };

    private async Task<StoredExecution> LoadAsync(QueuedRun run) =>
        (await new ExecutionPlanStore(new TenantDatabase(_source)).LoadAsync(run.UserId, run.Id, CancellationToken.None))!;

    private async Task<QueuedRun> ForkAsync(QueuedRun source, StoredExecution stored, ChangedRun changed, RunPlan plan)
    {
        var definition = new WorkflowDefinition([.. changed.Graph.Nodes], [.. changed.Graph.Edges]);
        var made = await new ForkStore(new TenantDatabase(_source)).ForkAsync(
            new NewFork(
                source.UserId, source.Id, Guid.NewGuid(), Json.Write(definition), changed.Brief, [.. changed.Formats.Select(ExportFormat.Find).OfType<ExportFormat>()],
                changed.Settings, null, null, null, [.. plan.Steps.Select(step => step.Source).OfType<Core.Executions.StepKey>()])
            {
                PromptVersions = Json.Write(changed.Prompts.Versions),
            },
            CancellationToken.None);
        return source with { Id = made.Id };
    }
}
