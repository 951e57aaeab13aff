using System.Security.Cryptography;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Secrets;
using Lekhika.Testing;
using Lekhika.Testing.Models;
using Lekhika.Testing.Runs;
using Lekhika.Testing.Servers;
using Lekhika.Worker.Tests.Pipeline;

namespace Lekhika.Worker.Tests.Calls;

/// <summary>Providers and models that are rows: the platform's and users' own, with encrypted keys and prices.</summary>
public sealed class StoredProviderSpecs : IAsyncLifetime
{
    private static readonly WorkflowDefinition OneNode = new(
        [new("in", NodeType.Input, new NodeData { Label = "in", Role = "story_input", SelectedModels = ["house:quill-1"] })], []);

    private readonly string _masterKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private TestDatabase _database = null!;
    private ChatCompletionsServer _server = null!;
    private WorkerHost _worker = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _server = await ChatCompletionsServer.StartAsync(_ => new CompletionAnswer(ScriptedBook.Plan("requirements", 1)) { Usage = new AnswerUsage(1_000, 500, Cached: 400) });
        _worker = await WorkerHost.StartAsync(_database, [], ("LEKHIKA_SECRETS_KEY", _masterKey), ("Models:Reread", "00:00:00.05"), ("Providers:AllowPrivateAddresses", "true"));
    }

    public async Task DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _server.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_platform_s_row_is_asked_with_its_key_and_the_call_costs_what_its_newest_price_says()
    {
        var model = await AddAsync(null, "sk-platform");
        await PriceAsync(model, null, 1, input: 9, output: 9);
        await PriceAsync(model, null, 2, input: 2, output: 10, cached: 1);

        var run = await RunAsync("completed");

        _server.Requests.ShouldHaveSingleItem().Authorization.ShouldBe("Bearer sk-platform");
        // 600 at 2, 400 at 1 and 500 at 10 dollars a million.
        (await run.AskAsync<decimal>("SELECT cost FROM ai_calls WHERE execution_id = $1")).ShouldBe(0.0066m);
        (await run.AskAsync<int>("SELECT p.version FROM ai_calls c JOIN ai_model_prices p ON p.id = c.price_id WHERE c.execution_id = $1")).ShouldBe(2);
    }

    [Fact]
    public async Task A_platform_s_model_without_a_price_is_not_used()
    {
        await AddAsync(null, "sk-platform");

        var run = await RunAsync("failed");

        (await run.AskAsync<string>("SELECT error->>'message' FROM engine_executions WHERE id = $1")).ShouldBe("None of the models of the node 'in' is configured (house:quill-1).");
        _server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_user_s_own_provider_hides_the_platform_s_of_the_same_name_and_is_nobody_else_s()
    {
        await PriceAsync(await AddAsync(null, "sk-platform"), null, 1, 1, 1);
        var own = await QueuedRun.InsertAsync(_database, workflow: OneNode with { Nodes = [.. OneNode.Nodes] }, formats: []);
        await own.UntilAsync("completed");
        await AddAsync(own.UserId, "sk-own");
        await Eventually.TrueAsync(
            async () =>
            {
                await AgainAsync(own);
                return await own.AskAsync<bool>("SELECT bool_or(own_key) FROM ai_calls WHERE execution_id = $1");
            },
            "the user's own key counts");
        await RunAsync("completed");

        _server.Requests[^1].Authorization.ShouldBe("Bearer sk-platform", "another user's run");
        _server.Requests[^2].Authorization.ShouldBe("Bearer sk-own");
    }

    [Fact]
    public async Task A_changed_key_counts_without_a_restart()
    {
        var model = await AddAsync(null, "sk-old");
        await PriceAsync(model, null, 1, 1, 1);
        var run = await RunAsync("completed");

        var provider = await _database.AskAsync<Guid>("SELECT provider_id FROM ai_model_metadata WHERE id = $1", model);
        await _database.ExecuteAsync("UPDATE ai_provider_secrets SET protected = $2, updated_at = clock_timestamp() WHERE provider_id = $1", provider, Protect(provider, "sk-new"));

        await Eventually.TrueAsync(
            async () =>
            {
                await AgainAsync(run);
                return _server.Requests[^1].Authorization == "Bearer sk-new";
            },
            "the new key is sent");
    }

    [Fact]
    public async Task A_key_that_cannot_be_read_leaves_its_provider_out_and_says_so()
    {
        var model = await AddAsync(null, "sk-platform");
        await PriceAsync(model, null, 1, 1, 1);
        await _database.ExecuteAsync("UPDATE ai_provider_secrets SET protected = 'CfDJ8broken'");

        var run = await RunAsync("failed");

        (await run.AskAsync<string>("SELECT error->>'message' FROM engine_executions WHERE id = $1")).ShouldNotBeNull().ShouldContain("None of the models");
    }

    [Theory]
    [InlineData("openai", null)]
    [InlineData("openai_compatible", null)]
    [InlineData("openai", "ftp://example.org")]
    public async Task A_provider_that_cannot_be_asked_as_it_stands_keeps_nobody_from_the_others(string kind, string? address)
    {
        await PriceAsync(await AddAsync(null, "sk-platform"), null, 1, 1, 1);
        // As an administrator leaves it between making it and giving it its key.
        var (provider, model) = (Guid.NewGuid(), Guid.NewGuid());
        await _database.ExecuteAsync("INSERT INTO ai_providers (id, name, provider, base_url) VALUES ($1, 'unfinished', $2, $3)", provider, kind, (object?)address ?? DBNull.Value);
        await _database.ExecuteAsync("INSERT INTO ai_model_metadata (id, provider_id, model_id, display_name) VALUES ($1, $2, 'm', 'M')", model, provider);
        await PriceAsync(model, null, 1, 1, 1);

        await RunAsync("completed");

        _server.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_user_s_own_provider_is_not_reached_in_a_private_network_unless_that_is_allowed()
    {
        await using var strict = await WorkerHost.StartAsync(_database, [], ("LEKHIKA_SECRETS_KEY", _masterKey), ("Models:Reread", "00:00:00.05"));
        await _worker.StopAsync();
        var run = await QueuedRun.InsertAsync(_database, workflow: OneNode);
        await run.UntilAsync("failed");
        await AddAsync(run.UserId, "sk-own");

        await _database.ExecuteAsync("UPDATE engine_executions SET status = 'queued', error = NULL WHERE id = $1", run.Id);
        await _database.UntilAsync("SELECT status = 'failed' AND error->>'message' LIKE '%private network%' FROM engine_executions WHERE id = $1", [run.Id]);

        _server.Requests.ShouldBeEmpty();
    }

    /// <summary>A provider with one model, at the server; its id.</summary>
    private async Task<Guid> AddAsync(Guid? user, string secret)
    {
        var (provider, model) = (Guid.NewGuid(), Guid.NewGuid());
        object owner = (object?)user ?? DBNull.Value;
        await _database.ExecuteAsync(
            "INSERT INTO ai_providers (id, name, provider, base_url, user_id) VALUES ($1, 'house', 'openai_compatible', $2, $3)", provider, _server.BaseUrl, owner);
        await _database.ExecuteAsync("INSERT INTO ai_provider_secrets (provider_id, user_id, protected) VALUES ($1, $2, $3)", provider, owner, Protect(provider, secret));
        await _database.ExecuteAsync(
            "INSERT INTO ai_model_metadata (id, provider_id, user_id, model_id, display_name, capabilities) VALUES ($1, $2, $3, 'quill-1', 'Quill', ARRAY['structured'])", model, provider, owner);
        return model;
    }

    private Task PriceAsync(Guid model, Guid? user, int version, decimal input, decimal output, decimal? cached = null) => _database.ExecuteAsync(
        "INSERT INTO ai_model_prices (id, model_id, user_id, version, input_per_million, output_per_million, cached_input_per_million) VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6)",
        model, (object?)user ?? DBNull.Value, version, input, output, (object?)cached ?? DBNull.Value);

    private string Protect(Guid provider, string secret) => _worker.Service<ProviderSecrets>().Protect(provider, secret);

    private async Task<QueuedRun> RunAsync(string end)
    {
        var run = await QueuedRun.InsertAsync(_database, workflow: OneNode);
        await run.UntilAsync(end);
        return run;
    }

    /// <summary>Has the one step done anew.</summary>
    private async Task AgainAsync(QueuedRun run)
    {
        await _database.ExecuteAsync("""
            INSERT INTO regenerations (execution_id, node_id, item, generation, user_id)
            SELECT $1, 'in', 0, 1 + max(generation), $2 FROM node_outputs WHERE execution_id = $1
            """, run.Id, run.UserId);
        await _database.ExecuteAsync("UPDATE engine_executions SET status = 'queued', queued_at = now() WHERE id = $1", run.Id);
        await run.UntilAsync("completed");
    }
}
