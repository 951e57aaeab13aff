using Lekhika.Core.Executions;
using Lekhika.Testing.Chat;
using Lekhika.Testing.Runs;
using Lekhika.Testing.Servers;
using Lekhika.Worker.Ai.Routing;
using Lekhika.Worker.Nodes;
using Lekhika.Worker.Tests.Pipeline;

namespace Lekhika.Worker.Tests.Calls;

/// <summary>Every call of a model leaves a row: before it is made, where it may cost something, and with what it used.</summary>
public sealed class CallRecordSpecs : IAsyncLifetime
{
    private readonly ScriptedChatClient _model = new();
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task A_book_s_calls_are_recorded_with_what_they_used()
    {
        await using var worker = await StartAsync();
        var run = await QueuedRun.InsertAsync(_database);
        await run.UntilAsync("exporting");

        (await CallsAsync(run)).ShouldBe([
            "architect-1/0 bible succeeded", "outliner-1/0 outline succeeded", "requirements-1/0 requirements succeeded",
            "writer-1/1 chapter succeeded", "writer-1/2 chapter succeeded", "writer-1/3 chapter succeeded",
        ]);
        (await run.AskAsync<bool>("""
            SELECT bool_and(provider_name = 'paid' AND model_asked = 'quill-2' AND model_answered = 'scripted-1' AND finish_reason = 'stop' AND input_tokens > 0 AND output_tokens > 0
                AND milliseconds >= first_token_ms AND trace_id ~ '^[0-9a-f]{32}$' AND NOT own_key AND cost IS NULL AND parameters ? 'maxOutputTokens')
            FROM ai_calls WHERE execution_id = $1
            """)).ShouldBeTrue();
        (await run.AskAsync<bool>("""
            SELECT (SELECT sum(input_tokens) FROM ai_calls WHERE execution_id = $1) = input_tokens FROM engine_executions WHERE id = $1
            """)).ShouldBeTrue();
    }

    [Fact]
    public async Task The_intent_is_on_disk_before_the_model_is_asked()
    {
        var release = new TaskCompletionSource();
        _model.When(ScriptedBook.AsksFor("requirements")).HoldUntil(release.Task).Say(ScriptedBook.Plan("requirements", 3));
        await using var worker = await StartAsync();
        var run = await QueuedRun.InsertAsync(_database);

        await _model.ArrivedAsync(1);
        (await CallsAsync(run)).ShouldBe(["requirements-1/0 requirements started"]);
        (await run.AskAsync<string>("SELECT current_step FROM engine_executions WHERE id = $1")).ShouldBe("Requirements");

        release.SetResult();
        await run.UntilAsync("exporting");
        (await run.AskAsync<long>("SELECT count(*) FROM ai_calls WHERE execution_id = $1 AND status <> 'succeeded'")).ShouldBe(0);
    }

    [Fact]
    public async Task A_try_that_failed_is_recorded_with_its_class_and_the_next_one_beside_it()
    {
        _model.When(ScriptedBook.AsksFor("bible")).Once().Fail(_ => new StepFault(ErrorClasses.Unavailable, "Out."));
        await using var worker = await StartAsync();
        var run = await QueuedRun.InsertAsync(_database);
        await run.UntilAsync("exporting");

        (await run.AskAsync<string[]>("SELECT array_agg(status || ' ' || coalesce(error_class, '-') ORDER BY started_at) FROM ai_calls WHERE execution_id = $1 AND task = 'bible'"))
            .ShouldBe(["failed unavailable", "succeeded -"]);
    }

    [Fact]
    public async Task What_a_call_cost_that_the_provider_has_not_counted_nobody_knows()
    {
        var (provider, model) = (Guid.NewGuid(), Guid.NewGuid());
        await _database.ExecuteAsync("INSERT INTO ai_providers (id, name, provider) VALUES ($1, 'paid', 'openai')", provider);
        await _database.ExecuteAsync("INSERT INTO ai_model_metadata (id, provider_id, model_id, display_name, capabilities) VALUES ($1, $2, 'quill-2', 'Quill', ARRAY['structured'])", model, provider);
        await _database.ExecuteAsync("INSERT INTO ai_model_prices (id, model_id, version, input_per_million, output_per_million) VALUES (gen_random_uuid(), $1, 1, 2, 10)", model);
        _model.When(ScriptedBook.AsksFor("bible")).Once().Stream(_ => ["{\"plot"]).Fail(_ => new StepFault(ErrorClasses.Unavailable, "Torn."));
        await using var worker = await StartAsync();
        var run = await QueuedRun.InsertAsync(_database);
        await run.UntilAsync("exporting");

        (await run.AskAsync<string[]>("SELECT array_agg(status || ' ' || coalesce((cost > 0)::text, 'unknown') ORDER BY started_at) FROM ai_calls WHERE execution_id = $1 AND task = 'bible'"))
            .ShouldBe(["failed unknown", "succeeded true"]);
    }

    [Fact]
    public async Task The_last_call_of_a_run_that_fails_is_recorded_too()
    {
        _model.When(ScriptedBook.AsksFor("bible")).Fail(_ => StepFault.Permanent("No such model."));
        await using var worker = await StartAsync();
        var run = await QueuedRun.InsertAsync(_database);
        await run.UntilAsync("failed");

        (await CallsAsync(run)).ShouldBe(["architect-1/0 bible failed", "requirements-1/0 requirements succeeded"]);
    }

    [Fact]
    public async Task A_call_that_a_stop_has_cut_off_is_recorded_as_cancelled()
    {
        _model.When(ScriptedBook.AsksFor("requirements")).HoldUntil(new TaskCompletionSource().Task).Say("");
        await using var worker = await StartAsync();
        var run = await QueuedRun.InsertAsync(_database);
        await _model.ArrivedAsync(1);

        await _database.ExecuteAsync("UPDATE engine_executions SET status = 'stopping', requests = requests + 1 WHERE id = $1", run.Id);
        worker.Wake(Persistence.Signals.WakeUpTopic.Requests);
        await run.UntilAsync("stopped");

        (await run.AskAsync<string>("SELECT string_agg(status || ' ' || error_class, ',') FROM ai_calls WHERE execution_id = $1")).ShouldBe("failed cancelled");
    }

    [Fact]
    public async Task A_call_over_which_a_worker_died_is_an_orphan_of_the_takeover()
    {
        var run = await QueuedRun.InsertAsync(_database);
        await _database.ExecuteAsync("UPDATE engine_executions SET status = 'running', attempt = 1, lease_owner = 'dead', lease_until = now() - interval '1 s' WHERE id = $1", run.Id);
        await _database.ExecuteAsync("""
            INSERT INTO ai_calls (id, execution_id, user_id, node_id, item, generation, attempt, operation, task, provider, provider_name, own_key, model_asked, status, started_at)
            VALUES (gen_random_uuid(), $1, $2, 'requirements-1', 0, 1, 1, 'chat', 'requirements', 'openai', 'paid', false, 'quill-2', 'started', now())
            """, run.Id, run.UserId);
        await using var worker = await StartAsync();
        await run.UntilAsync("exporting");

        (await run.AskAsync<string[]>("SELECT array_agg(attempt || ' ' || status ORDER BY attempt) FROM ai_calls WHERE execution_id = $1 AND task = 'requirements'"))
            .ShouldBe(["1 orphaned", "2 succeeded"]);
    }

    private Task<WorkerHost> StartAsync() => WorkerHost.StartAsync(_database, [new ModelProvider("paid", "quill-2", _model.WriteBook(3), null)]);

    private static async Task<string[]> CallsAsync(QueuedRun run) =>
        await run.AskAsync<string[]>("SELECT array_agg(node_id || '/' || item || ' ' || task || ' ' || status ORDER BY node_id, item) FROM ai_calls WHERE execution_id = $1") ?? [];
}
