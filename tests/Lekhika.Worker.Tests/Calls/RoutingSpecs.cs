using Lekhika.Core.Executions;
using Lekhika.Core.Workflows;
using Lekhika.Testing.Chat;
using Lekhika.Testing.Runs;
using Lekhika.Testing.Servers;
using Lekhika.Worker.Ai.Routing;
using Lekhika.Worker.Nodes;
using Lekhika.Worker.Tests.Pipeline;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Tests.Calls;

/// <summary>Which model is asked, and which one when that cannot be.</summary>
public sealed class RoutingSpecs : IAsyncLifetime
{
    private readonly ScriptedChatClient _first = new();
    private readonly ScriptedChatClient _second = new();
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Theory]
    [InlineData(ErrorClasses.Unavailable)]
    [InlineData(ErrorClasses.TimedOut)]
    [InlineData(ErrorClasses.RateLimited)]
    [InlineData(ErrorClasses.Refused)]
    public async Task The_next_model_is_asked_when_one_is_out_has_no_room_or_refuses(string errorClass)
    {
        _first.When().Fail(_ => new StepFault(errorClass, "Not now."));
        var run = await RunAsync("completed", Node("first:a", "second:b"));

        _second.Requests.ShouldHaveSingleItem().Options!.ModelId.ShouldBe("b");
        (await run.AskAsync<string[]>("SELECT array_agg(provider_name || ' ' || status || ' ' || coalesce(error_class, '-') ORDER BY started_at) FROM ai_calls WHERE execution_id = $1"))
            .ShouldBe([$"first failed {errorClass}", "second succeeded -"]);
        (await run.AskAsync<long>("SELECT count(*) FROM execution_events WHERE execution_id = $1 AND type = 'step.retried'")).ShouldBe(0);
    }

    [Fact]
    public async Task What_is_wrong_with_the_request_is_not_asked_of_another_model()
    {
        _first.When().Fail(_ => StepFault.Permanent("No such model."));
        await RunAsync("failed", Node("first:a", "second:b"));

        _second.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_answer_that_has_begun_is_not_given_to_another_model()
    {
        _first.When().Once().Stream(_ => ["{\"log"]).Fail(_ => new StepFault(ErrorClasses.Unavailable, "Torn."));
        _first.WriteBook(1);
        await RunAsync("completed", Node("first:a", "second:b"));

        _second.Requests.ShouldBeEmpty();
        _first.Requests.Count.ShouldBe(2, "the step's next try begins with the preferred model");
    }

    [Fact]
    public async Task The_platform_s_choice_is_its_first_language_model_and_never_the_demonstration()
    {
        var demonstration = new ScriptedChatClient();
        _first.When().Fail(_ => new StepFault(ErrorClasses.Unavailable, "Out."));
        _second.When().Fail(_ => new StepFault(ErrorClasses.Unavailable, "Out, too."));
        await RunAsync("failed", Node("default"), new ModelProvider("offline", "offline-author", demonstration, ["A demonstration."]));

        demonstration.Requests.ShouldBeEmpty();
        _first.Requests.ShouldNotBeEmpty();
        _second.Requests.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_node_that_names_no_model_gets_the_platform_s_choice()
    {
        await RunAsync("completed", Node());

        _first.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_model_that_nobody_has_configured_is_told_before_anything_is_asked()
    {
        var run = await RunAsync("failed", Node("third:c"));

        (await run.AskAsync<string>("SELECT error->>'message' FROM engine_executions WHERE id = $1")).ShouldBe("None of the models of the node 'Brief' is configured (third:c).");
        _first.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_preference_for_the_task_comes_before_one_for_all_and_a_user_s_own_before_the_platform_s()
    {
        await PreferAsync(null, "outline", "first:a");
        await PreferAsync(null, null, "second:b");
        await RunAsync("completed", Node("default"));
        (_first.Requests.Count, _second.Requests.Count).ShouldBe((0, 1), "the one for the outline does not fit");

        await PreferAsync(null, "requirements", "first:a");
        await RunAsync("completed", Node("default"));
        (_first.Requests.Count, _second.Requests.Count).ShouldBe((1, 1), "the one for the task is the more special one");

        await RunAsync("completed", Node("default"), own: ["second:b"]);
        (_first.Requests.Count, _second.Requests.Count).ShouldBe((1, 2), "a user's own word counts first");
    }

    [Fact]
    public async Task A_preference_for_a_tier_is_for_accounts_of_that_level()
    {
        await PreferAsync(null, null, "second:b", tier: "enterprise");
        await RunAsync("completed", Node("default"));
        (_first.Requests.Count, _second.Requests.Count).ShouldBe((1, 0), "the account's level is starter");

        await PreferAsync(null, null, "second:b", tier: "starter");
        await RunAsync("completed", Node("default"));
        (_first.Requests.Count, _second.Requests.Count).ShouldBe((1, 1));
    }

    private Task PreferAsync(Guid? user, string? task, string model, string? tier = null) => _database.ExecuteAsync(
        "INSERT INTO ai_model_preferences (id, user_id, task, tier, models) VALUES (gen_random_uuid(), $1, $2, $3, ARRAY[$4])",
        (object?)user ?? DBNull.Value, (object?)task ?? DBNull.Value, (object?)tier ?? DBNull.Value, model);

    /// <summary>Runs one node that asks for the requirements.</summary>
    private async Task<QueuedRun> RunAsync(string end, NodeData node, ModelProvider? more = null, string[]? own = null)
    {
        var run = await QueuedRun.InsertAsync(_database, workflow: new WorkflowDefinition([new("in", NodeType.Input, node)], []));
        foreach (var model in own ?? [])
        {
            await PreferAsync(run.UserId, null, model);
        }

        List<ModelProvider> models = [new("first", "a", _first.WriteBook(1), null), new("second", "b", _second.WriteBook(1), null)];
        await using var worker = await WorkerHost.StartAsync(_database, more is null ? models : [.. models, more], ("Worker:Tries", "2"));
        await run.UntilAsync(end);
        return run;
    }

    private static NodeData Node(params string[] models) => new() { Label = "Brief", Role = "story_input", SelectedModels = models };
}
