using System.Security.Cryptography;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Secrets;
using Lekhika.Testing.Models;
using Lekhika.Testing.Runs;
using Lekhika.Testing.Servers;
using Lekhika.Worker.Tests.Pipeline;

namespace Lekhika.Worker.Tests.Calls;

/// <summary>What a model is asked with, as its server gets it: not more than it takes, and recorded as it was sent.</summary>
public sealed class AskedOptionsSpecs : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private WorkerHost _worker = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _worker = await WorkerHost.StartAsync(
            _database, [], ("LEKHIKA_SECRETS_KEY", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))), ("Models:Reread", "00:00:00.05"));
    }

    public async Task DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_model_that_refuses_a_temperature_is_asked_again_without_it_and_is_not_sent_one_any_more()
    {
        await using var server = await ChatCompletionsServer.StartAsync(request => request.Body.TryGetProperty("temperature", out _)
            ? new CompletionAnswer("", Status: 400) { ErrorCode = "unsupported_value", ErrorParameter = "temperature" }
            : Requirements);
        await AddAsync("openai_compatible", server.BaseUrl);

        var run = await RunAsync(temperature: 0.7f);
        await RunAsync(temperature: 0.7f);

        server.Requests.Select(request => request.Body.TryGetProperty("temperature", out _)).ShouldBe([true, false, false]);
        (await run.AskAsync<string[]>("SELECT array_agg(status || ' ' || coalesce(parameters->>'temperature', '-') ORDER BY started_at) FROM ai_calls WHERE execution_id = $1"))
            .ShouldBe(["failed 0.7", "succeeded -"]);
    }

    [Fact]
    public async Task What_is_wrong_with_another_part_of_the_request_is_not_asked_again()
    {
        await using var server = await ChatCompletionsServer.StartAsync(_ => new CompletionAnswer("", Status: 400) { ErrorParameter = "messages" });
        await AddAsync("openai_compatible", server.BaseUrl);

        await RunAsync(temperature: 0.7f, end: "failed");

        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Anthropic_is_sent_neither_temperature_nor_seed_and_the_record_does_not_say_so_either()
    {
        await using var server = await AnthropicServer.StartAsync(_ => Requirements);
        await AddAsync("anthropic", server.BaseUrl);

        var run = await RunAsync(temperature: 0.7f);

        server.Requests.ShouldHaveSingleItem().Body.TryGetProperty("temperature", out _).ShouldBeFalse();
        var parameters = (await run.AskAsync<string>("SELECT parameters::text FROM ai_calls WHERE execution_id = $1")).ShouldNotBeNull();
        parameters.ShouldContain("maxOutputTokens");
        parameters.ShouldNotContain("temperature");
        parameters.ShouldNotContain("seed");
    }

    [Theory]
    [InlineData(null, 4_096, 4_096)]
    [InlineData(12_000, null, 11_900)]
    public async Task An_answer_is_not_asked_to_be_longer_than_the_model_s_answers_or_its_window(int? window, int? most, int limit)
    {
        await using var server = await ChatCompletionsServer.StartAsync(_ => Requirements);
        await AddAsync("openai_compatible", server.BaseUrl, window, most);

        await RunAsync();

        server.Requests.ShouldHaveSingleItem().Body.GetProperty("max_completion_tokens").GetInt32().ShouldBeLessThanOrEqualTo(limit);
    }

    [Theory]
    [InlineData(null, 2)]
    [InlineData(300, 3)]
    public async Task A_structure_that_was_cut_at_our_own_limit_has_more_room_the_second_time_but_not_where_the_engine_sets_it(int? set, int requests)
    {
        var answers = 0;
        await using var server = await ChatCompletionsServer.StartAsync(_ => Interlocked.Increment(ref answers) == 1 || set is not null ? new CompletionAnswer("{\"lo", "length") : Requirements);
        await AddAsync("openai_compatible", server.BaseUrl);

        await RunAsync(end: set is null ? "completed" : "failed", maxTokens: set);

        var limits = server.Requests.Select(request => request.Body.GetProperty("max_completion_tokens").GetInt32()).ToList();
        limits.Count.ShouldBe(requests);
        limits[1].ShouldBe(set ?? 4 * limits[0]);
    }

    private static CompletionAnswer Requirements => new(ScriptedBook.Plan("requirements", 1));

    private async Task AddAsync(string kind, string address, int? window = null, int? most = null)
    {
        var (provider, model) = (Guid.NewGuid(), Guid.NewGuid());
        await _database.ExecuteAsync("INSERT INTO ai_providers (id, name, provider, base_url) VALUES ($1, 'house', $2, $3)", provider, kind, address);
        await _database.ExecuteAsync(
            "INSERT INTO ai_provider_secrets (provider_id, protected) VALUES ($1, $2)", provider, _worker.Service<ProviderSecrets>().Protect(provider, "sk-platform"));
        await _database.ExecuteAsync(
            "INSERT INTO ai_model_metadata (id, provider_id, model_id, display_name, capabilities, context_window_tokens, max_output_tokens) VALUES ($1, $2, 'quill-1', 'Quill', ARRAY['structured'], $3, $4)",
            model, provider, (object?)window ?? DBNull.Value, (object?)most ?? DBNull.Value);
        await _database.ExecuteAsync("INSERT INTO ai_model_prices (id, model_id, version, input_per_million, output_per_million) VALUES (gen_random_uuid(), $1, 1, 1, 1)", model);
    }

    private async Task<QueuedRun> RunAsync(string end = "completed", float? temperature = null, int? maxTokens = null)
    {
        var node = new WorkflowNode("in", NodeType.Input, new NodeData { Label = "in", Role = "story_input", SelectedModels = ["house:quill-1"], Temperature = temperature, MaxTokens = maxTokens });
        var run = await QueuedRun.InsertAsync(_database, workflow: new WorkflowDefinition([node], []));
        await run.UntilAsync(end);
        return run;
    }
}
