using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Lekhika.Persistence.Signals;
using Microsoft.Extensions.DependencyInjection;

namespace Lekhika.Api.Tests.Runs;

/// <summary>A run that was submitted, put into whatever state a test needs by the administrator; asked of over HTTP.</summary>
internal sealed record ArrangedRun(RunningApi Api, TestClient Client, Guid Id)
{
    public string Path => $"/v1/executions/{Id}";

    public static async Task<ArrangedRun> SubmitAsync(RunningApi api)
    {
        var client = await api.ClientAsync();
        return new(api, client, await client.SubmitAsync());
    }

    /// <summary>A run in this state; a running one has a worker.</summary>
    public static async Task<ArrangedRun> InAsync(RunningApi api, string status)
    {
        var run = await SubmitAsync(api);
        await run.BeAsync(status);
        return run;
    }

    /// <summary>A run whose three chapters are written and compiled.</summary>
    public static async Task<ArrangedRun> WrittenAsync(RunningApi api, string status = "completed")
    {
        var run = await SubmitAsync(api);
        await run.DoAsync("requirements-1", 0, "requirements");
        await run.DoAsync("architect-1", 0, "bible");
        await run.DoAsync("outliner-1", 0, "outline");
        await run.ChaptersAsync(3);
        for (var number = 1; number <= 3; number++)
        {
            await run.WriteAsync(number);
        }

        await run.DoAsync("compiler-1", 0, "manuscript");
        await run.DoAsync("output-1", 0, "handover");
        await run.CompileAsync(1);
        await run.BeAsync(status);
        return run;
    }

    public Task BeAsync(string status) => ExecuteAsync("""
        UPDATE engine_executions SET
            status = $2,
            lease_owner = CASE WHEN $2 IN ('running', 'stopping') THEN 'worker-1' END,
            lease_until = CASE WHEN $2 IN ('running', 'stopping') THEN now() + interval '1 minute' END,
            finished_at = CASE WHEN $2 IN ('completed', 'stopped', 'failed') THEN now() END
        WHERE id = $1
        """, status);

    /// <summary>Fails at a node, with its dead letter; item −1 for none.</summary>
    public async Task<Guid> FailAsync(string nodeId, int item = -1)
    {
        await BeAsync("failed");
        await ExecuteAsync("UPDATE engine_executions SET fruitless_claims = 2, error = jsonb_build_object('class', 'refused', 'message', 'It will not.', 'nodeId', $2::text) WHERE id = $1", nodeId);
        return await Api.Database.AskAsync<Guid>("""
            INSERT INTO dead_letters (execution_id, user_id, node_id, item, error_class, message) VALUES ($1, $2, $3, nullif($4, -1), 'refused', 'It will not.') RETURNING id
            """, Id, Client.User.Id, nodeId, item);
    }

    public Task ChaptersAsync(int total) => ExecuteAsync("UPDATE engine_executions SET chapters_total = $2 WHERE id = $1", total);

    public Task DoAsync(string nodeId, int item, string kind, int generation = 1, string content = "{}") => ExecuteAsync("""
        INSERT INTO node_outputs (execution_id, node_id, item, generation, user_id, kind, content, model, input_tokens, output_tokens, attempt)
        SELECT id, $2, $3, $4, user_id, $5, $6::jsonb, 'offline-author', 7, 9, 1 FROM engine_executions WHERE id = $1
        """, nodeId, item, generation, kind, content);

    public async Task WriteAsync(int number, int version = 1)
    {
        await ExecuteAsync("""
            INSERT INTO chapter_versions (execution_id, number, version, user_id, title, content, words, node_id)
            SELECT id, $2, $3, user_id, 'Part ' || $2, 'Text ' || $2 || ', version ' || $3 || '. *So.*', 100 * $2 + $3, 'writer-1' FROM engine_executions WHERE id = $1
            """, number, version);
        await DoAsync("writer-1", number, "chapter", version, $$"""{"number": {{number}}, "version": {{version}}, "words": {{(100 * number) + version}}}""");
    }

    public Task CompileAsync(int version) => ExecuteAsync("""
        INSERT INTO books (id, execution_id, user_id, version, title, author, language, ai_service, words, chapters, colophon, partial)
        SELECT gen_random_uuid(), id, user_id, $2, 'Book ' || $2, 'A', 'en', 'offline', 606, '[{"number": 1, "version": 1}]', '[]', $2 = 1 FROM engine_executions WHERE id = $1
        """, version);

    public Task ShowAsync(string nodeId, int generation = 1) => ExecuteAsync("""
        INSERT INTO previews (execution_id, node_id, generation, user_id, content)
        SELECT id, $2, $3, user_id, '{"nodes": ["writer-1"]}' FROM engine_executions WHERE id = $1
        """, nodeId, generation);

    /// <summary>Gives the run another workflow.</summary>
    public Task FlowAsync(string definition) => ExecuteAsync("""
        WITH version AS (
            INSERT INTO workflow_versions (id, user_id, definition) SELECT gen_random_uuid(), user_id, $2::jsonb FROM engine_executions WHERE id = $1 RETURNING id
        )
        UPDATE engine_executions SET workflow_version_id = version.id FROM version WHERE engine_executions.id = $1
        """, definition);

    public Task ExecuteAsync(string sql, params object[] values) => Api.Database.ExecuteAsync(sql, [Id, .. values]);

    public Task<T?> AskAsync<T>(string sql) => Api.Database.AskAsync<T>(sql, Id);

    /// <summary>One column of the run's row.</summary>
    public Task<T?> ColumnAsync<T>(string column) => AskAsync<T>($"SELECT {column} FROM engine_executions WHERE id = $1");

    public Task<string?> StateAsync() => ColumnAsync<string>("status");

    /// <summary>The events after the submission, with what they are about; fails when the journal has a gap.</summary>
    public async Task<IReadOnlyList<string>> JournalAsync()
    {
        (await AskAsync<bool>("""
            SELECT e.last_seq = count(*) AND min(j.seq) = 1 AND max(j.seq) = count(*) AND bool_and(j.user_id = e.user_id)
            FROM engine_executions e JOIN execution_events j ON j.execution_id = e.id WHERE e.id = $1 GROUP BY e.id
            """)).ShouldBeTrue("The journal has a gap.");
        var lines = await AskAsync<string[]>("""
            SELECT array_agg(concat_ws(' ', type, node_id, item, generation, nullif(data::text, '{}')) ORDER BY seq) FROM execution_events WHERE execution_id = $1 AND seq > 1
            """);
        return lines ?? [];
    }

    /// <summary>What is to be done anew: node, item, generation, guidance, fault.</summary>
    public async Task<IReadOnlyList<string>> AnewAsync() => await AskAsync<string[]>("""
        SELECT array_agg(concat_ws(' ', node_id, item, generation, guidance, fault) ORDER BY created_at, node_id, item) FROM regenerations WHERE execution_id = $1
        """) ?? [];

    public Task<HttpResponseMessage> PostAsync(string what, object? body = null) =>
        body is null ? Client.Http.PostAsync($"{Path}/{what}", null) : Client.Http.PostAsJsonAsync($"{Path}/{what}", body);

    /// <summary>Asks and expects 202 with the run.</summary>
    public async Task<JsonNode> AcceptedAsync(string what, object? body = null)
    {
        using var answer = await PostAsync(what, body);
        ((int)answer.StatusCode).ShouldBe(202, await answer.Content.ReadAsStringAsync());
        answer.Headers.Location!.ToString().ShouldBe(Path);
        var run = await answer.JsonAsync();
        ((string)run["executionId"]!).ShouldBe(Id.ToString());
        return run;
    }

    /// <summary>Asks and expects a refusal that changes nothing.</summary>
    public async Task<JsonNode> RefusedAsync(string what, object? body, int status, string code)
    {
        var before = await RowsAsync();
        using var answer = await PostAsync(what, body);
        var problem = await answer.ProblemAsync(status, code);
        (await RowsAsync()).ShouldBe(before);
        return problem;
    }

    public async Task<JsonNode> GetAsync(string? what = null)
    {
        using var answer = await Client.Http.GetAsync(what is null ? Path : $"{Path}/{what}");
        ((int)answer.StatusCode).ShouldBe(200, await answer.Content.ReadAsStringAsync());
        return await answer.JsonAsync();
    }

    /// <summary>Whether doing something wakes those who wait for a topic.</summary>
    public async Task WakesAsync(WakeUpTopic topic, Func<Task> action)
    {
        var woken = new TaskCompletionSource();
        await Api.Services.GetRequiredService<WakeUpSignals>().ListenAsync(topic, () => woken.TrySetResult(), CancellationToken.None);
        await action();
        await woken.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private async Task<string> RowsAsync() => (await AskAsync<string>("""
        SELECT concat(to_jsonb(e), (SELECT count(*) FROM execution_events WHERE execution_id = $1), (SELECT count(*) FROM regenerations WHERE execution_id = $1),
            (SELECT count(*) FROM export_jobs WHERE execution_id = $1), (SELECT jsonb_agg(p ORDER BY p) FROM previews p WHERE execution_id = $1))
        FROM engine_executions e WHERE id = $1
        """))!;
}
