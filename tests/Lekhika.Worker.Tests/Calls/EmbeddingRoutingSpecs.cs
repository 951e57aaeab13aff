using System.Text.Json;
using Lekhika.Core.Executions;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Runs;
using Lekhika.Testing.Chat;
using Lekhika.Testing.Models;
using Lekhika.Testing.Runs;
using Lekhika.Testing.Servers;
using Lekhika.Worker.Ai.Calls;
using Lekhika.Worker.Ai.Offline;
using Lekhika.Worker.Ai.Routing;
using Lekhika.Worker.Tests.Pipeline;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Tests.Calls;

/// <summary>Which model makes embeddings, and what is recorded of it.</summary>
public sealed class EmbeddingRoutingSpecs : IAsyncLifetime
{
    private readonly ScriptedChatClient _model = new();
    private TestDatabase _database = null!;
    private QueuedRun _run = null!;
    private WorkerHost _worker = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _run = await QueuedRun.InsertAsync(_database, workflow: new WorkflowDefinition([new("in", NodeType.Input, new NodeData { Label = "in", Role = "story_input" })], []));
        _worker = await WorkerHost.StartAsync(_database, _model.WriteBook(1), ("Models:Reread", "00:00:00"));
        await _run.UntilAsync("completed");
    }

    public async Task DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Without_a_key_there_are_embeddings_which_say_what_they_are_and_cost_nothing()
    {
        var (log, vectors) = await AskAsync("Mira", "Mira", "the sea");

        vectors.Count.ShouldBe(3);
        vectors.ShouldAllBe(vector => vector.ModelId == OfflineEmbeddings.ModelId && vector.Vector.Length == OfflineEmbeddings.Dimensions);
        vectors[0].Vector.ToArray().ShouldBe(vectors[1].Vector.ToArray());
        var call = log.Take().ShouldHaveSingleItem();
        (call.Operation, call.Provider, call.ModelAsked, call.Status, call.Cost).ShouldBe(("embeddings", "offline", OfflineEmbeddings.ModelId, "succeeded", 0m));
    }

    [Fact]
    public async Task A_configured_model_comes_before_the_offline_one_and_a_preference_decides_between_several()
    {
        await using var one = await ServerAsync();
        await using var two = await ServerAsync();
        await AddAsync(one, "one");
        await AddAsync(two, "two");
        (await ModelAsync()).Key.ShouldBe("one:vectors-1");

        await _database.ExecuteAsync("INSERT INTO ai_model_preferences (id, task, models) VALUES (gen_random_uuid(), 'embeddings', ARRAY['two:vectors-1'])");

        (await ModelAsync()).Key.ShouldBe("two:vectors-1");
        var (log, vectors) = await AskAsync("Mira");
        vectors.ShouldHaveSingleItem().Vector.ToArray().ShouldBe([0.5f, 0.25f]);
        // 1,000,000 tokens at 2 cents a million.
        log.Take().ShouldHaveSingleItem().Cost.ShouldBe(0.02m);
        one.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_node_of_texts_is_asked_is_never_a_model_for_embeddings_or_images()
    {
        await using var server = await ServerAsync();
        await AddAsync(server, "one");

        (await TenantAsync()).Candidates("in", "story_input", OutputKinds.Requirements, []).Select(model => model.Key).ShouldBe(["offline:offline-author"]);
    }

    private static Task<ChatCompletionsServer> ServerAsync() => ChatCompletionsServer.StartAsync(_ => new CompletionAnswer(JsonSerializer.Serialize(new
    {
        model = "vectors-1",
        data = new[] { new { index = 0, embedding = new[] { 0.5, 0.25 } } },
        usage = new { prompt_tokens = 1_000_000, total_tokens = 1_000_000 },
    })));

    private async Task AddAsync(ChatCompletionsServer server, string name)
    {
        var (provider, model) = (Guid.NewGuid(), Guid.NewGuid());
        await _database.ExecuteAsync("INSERT INTO ai_providers (id, name, provider, base_url) VALUES ($1, $2, 'openai_compatible', $3)", provider, name, server.BaseUrl);
        await _database.ExecuteAsync("INSERT INTO ai_model_metadata (id, provider_id, model_id, display_name, category) VALUES ($1, $2, 'vectors-1', 'V', 'embedding')", model, provider);
        await _database.ExecuteAsync("INSERT INTO ai_model_prices (id, model_id, version, input_per_million, output_per_million) VALUES (gen_random_uuid(), $1, 1, 0.02, 0)", model);
    }

    private ValueTask<TenantModels> TenantAsync() => _worker.Service<ModelCatalogue>().ForAsync(_run.UserId, CancellationToken.None);

    private async Task<EmbeddingModel> ModelAsync() => (await TenantAsync()).Embedding();

    /// <summary>As a node that remembers would ask, under a run's lease.</summary>
    private async Task<(CallLog Log, GeneratedEmbeddings<Embedding<float>> Vectors)> AskAsync(params string[] texts)
    {
        await _database.ExecuteAsync("UPDATE engine_executions SET status = 'running', lease_owner = 'spec', lease_until = now() + interval '1 hour', finished_at = NULL WHERE id = $1", _run.Id);
        var lease = new RunLease(_run.Id, _run.UserId, await _run.AskAsync<int>("SELECT attempt FROM engine_executions WHERE id = $1"));
        var log = new CallLog(lease, _worker.Service<RunJournal>());
        var call = new ModelCall(lease, new StepKey("in", 0, 1), "story_input", "embeddings", [], log);
        return (log, await (await ModelAsync()).Client.GenerateAsync(texts, new EmbeddingGenerationOptions { AdditionalProperties = call.Properties() }));
    }
}
