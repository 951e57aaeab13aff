using System.Text.Json;
using Lekhika.Persistence.Signals;
using Lekhika.Testing;
using Lekhika.Testing.Chat;
using Lekhika.Testing.Runs;
using Lekhika.Testing.Servers;
using Lekhika.Worker.Ai.Chain;
using Lekhika.Worker.Ai.Health;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Ai.Routing;
using Lekhika.Worker.Nodes;
using Lekhika.Worker.Tests.Chain;
using Lekhika.Worker.Tests.Pipeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Lekhika.Worker.Tests.Calls;

/// <summary>What /health tells of providers: from calls that were made anyway, and from a question that costs nothing.</summary>
public sealed class ProviderHealthSpecs : IAsyncLifetime
{
    private readonly ScriptedChatClient _model = new();
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Without_a_provider_the_worker_is_well()
    {
        await using var worker = await WorkerHost.StartAsync(_database, _model);
        (await ProvidersAsync(worker)).ShouldBe(("Healthy", "None is configured: the offline author writes."));
    }

    [Theory]
    [InlineData(200, "Healthy", "house answers.")]
    [InlineData(404, "Healthy", "house answers.")]
    [InlineData(401, "Degraded", "house refuses its key.")]
    [InlineData(503, "Degraded", "house answers 503.")]
    public async Task A_provider_of_which_nothing_was_heard_is_asked_for_its_models_once(int status, string health, string word)
    {
        var asked = new List<string>();
        var builder = WebApplication.CreateSlimBuilder();
        await using var server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        server.MapGet("/v1/models", (HttpRequest request) =>
        {
            asked.Add(request.Headers.Authorization.ToString());
            return Results.StatusCode(status);
        });
        await server.StartAsync();
        await using var worker = await StartAsync(new Uri(server.Urls.Single() + "/v1"));

        (await ProvidersAsync(worker)).ShouldBe((health, word));
        (await ProvidersAsync(worker)).ShouldBe((health, word));

        asked.ShouldBe(["Bearer sk-secret"]);
    }

    [Fact]
    public async Task A_provider_that_nobody_can_reach_degrades_the_worker_and_a_call_that_succeeds_mends_it()
    {
        await using var worker = await StartAsync(new Uri("http://127.0.0.1:1/v1"));
        (await ProvidersAsync(worker)).ShouldBe(("Degraded", "house does not answer."));

        var run = await QueuedRun.InsertAsync(_database, chapters: 1);
        await run.UntilAsync("exporting");

        (await ProvidersAsync(worker)).ShouldBe(("Healthy", "house answers."));
    }

    [Fact]
    public async Task A_call_that_is_refused_for_good_tells_operators_to_look_at_the_key()
    {
        _model.When().Fail(_ => StepFault.Permanent("No."));
        await using var worker = await StartAsync(new Uri("http://127.0.0.1:1/v1"));
        var run = await QueuedRun.InsertAsync(_database, chapters: 1);
        await run.UntilAsync("failed");

        (await ProvidersAsync(worker)).ShouldBe(("Degraded", "house refuses what is asked: look at its key and its models."));
    }

    [Fact]
    public async Task What_the_worker_knows_of_the_platform_s_providers_is_there_for_the_api_and_one_is_asked_when_somebody_wants_to_know()
    {
        await using var worker = await StartAsync(new Uri("http://127.0.0.1:1/v1"));
        var board = worker.Service<ProviderBoard>();
        await UntilAsync(board, ProviderBoard.Platform, seen => seen is { Name: "house", Id: null, IsWell: null, Breaker: "closed" });

        await board.WantAsync(ProviderBoard.Platform);

        await UntilAsync(board, ProviderBoard.Platform, seen => seen is { IsWell: false, Word: "does not answer", CheckedAt: not null });
        var run = await QueuedRun.InsertAsync(_database, chapters: 1);
        await run.UntilAsync("exporting");
        await UntilAsync(board, ProviderBoard.Platform, seen => seen is { IsWell: true, Word: "answers" });
    }

    [Fact]
    public async Task Of_a_provider_that_was_not_heard_of_for_ten_minutes_nothing_is_reported()
    {
        await using var worker = await StartAsync(new Uri("http://127.0.0.1:1/v1"));
        var (board, catalogue, time) = (worker.Service<ProviderBoard>(), worker.Service<ModelCatalogue>(), new SetTime());
        var pulse = new ProviderPulse(time);
        pulse.Probed((await catalogue.ForAsync(Guid.Empty, default)).Accounts.Single(account => account.Name == "house"), isWell: true, "answers");
        using var reporter = new ProviderReporter(
            board, catalogue, pulse, new ProviderProbe(pulse), worker.Service<ProviderBreakers>(), Options.Create(new WorkerOptions { Name = "another" }), worker.Service<IConfiguration>(),
            TimeProvider.System, NullLogger<ProviderReporter>.Instance);
        await reporter.StartAsync(default);
        Task ReportedAsync(bool? isWell) => Eventually.TrueAsync(
            async () => (await board.ReadAsync(ProviderBoard.Platform) ?? []).Any(report => report.Worker == "another" && report.Providers.Any(seen => seen.Name == "house" && seen.IsWell == isWell)),
            $"it is reported as {isWell}");

        await ReportedAsync(true);
        time.Pass(TimeSpan.FromMinutes(10));

        await ReportedAsync(null);
        await reporter.StopAsync(default);
    }

    [Fact]
    public async Task A_breaker_that_is_open_is_told()
    {
        _model.When().Fail(_ => new StepFault("unavailable", "Out."));
        await using var worker = await StartAsync(new Uri("http://127.0.0.1:1/v1"), ("MAX_RETRIES", "1"));
        for (var call = 0; call < 10; call++)
        {
            await QueuedRun.InsertAsync(_database, chapters: 1);
        }

        await UntilAsync(worker.Service<ProviderBoard>(), ProviderBoard.Platform, seen => seen is { IsWell: false, Breaker: "open" });
    }

    [Fact]
    public async Task Providers_and_models_that_nobody_is_sent_to_are_told_with_the_reason_and_users_own_under_their_names()
    {
        var run = await QueuedRun.InsertAsync(_database, chapters: 1);
        var (bare, unpriced, own) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        await _database.ExecuteAsync("INSERT INTO ai_providers (id, name, provider, base_url) VALUES ($1, 'bare', 'openai', NULL), ($2, 'unpriced', 'ollama', 'http://127.0.0.1:1/v1')", bare, unpriced);
        await _database.ExecuteAsync("INSERT INTO ai_providers (id, name, provider, user_id) VALUES ($1, 'mine', 'openai', $2)", own, run.UserId);
        await _database.ExecuteAsync("""
            INSERT INTO ai_model_metadata (id, provider_id, user_id, model_id, display_name, category)
            VALUES (gen_random_uuid(), $1, NULL, 'm-1', 'M', 'text'), (gen_random_uuid(), $2, $3, 'm-2', 'M', 'text')
            """, unpriced, own, run.UserId);
        await using var worker = await StartAsync(new Uri("http://127.0.0.1:1/v1"));
        await run.UntilAsync("exporting");
        var board = worker.Service<ProviderBoard>();

        await UntilAsync(board, ProviderBoard.Platform, seen => seen.Id == bare && seen.LeftOut == "It has no models.");
        await UntilAsync(board, ProviderBoard.Platform, seen => seen.Id == unpriced && seen.Models is [{ ModelId: "m-1" } model] && model.Reason.StartsWith("It has no price", StringComparison.Ordinal));
        await UntilAsync(board, ProviderBoard.Of(run.UserId), seen => seen.Id == own && seen.LeftOut!.Contains("has no key", StringComparison.Ordinal));
        (await board.ReadAsync(ProviderBoard.Platform)).ShouldNotBeNull().SelectMany(report => report.Providers).ShouldNotContain(seen => seen.Id == own);
    }

    [Fact]
    public async Task A_provider_that_was_changed_is_asked_anew()
    {
        var (isGood, asked) = (false, 0);
        var builder = WebApplication.CreateSlimBuilder();
        await using var server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        server.MapGet("/v1/models", () =>
        {
            Interlocked.Increment(ref asked);
            return Results.StatusCode(Volatile.Read(ref isGood) ? 200 : 401);
        });
        await server.StartAsync();
        var (provider, model) = (Guid.NewGuid(), Guid.NewGuid());
        await _database.ExecuteAsync("INSERT INTO ai_providers (id, name, provider, base_url) VALUES ($1, 'row', 'openai_compatible', $2)", provider, server.Urls.Single() + "/v1");
        await _database.ExecuteAsync("INSERT INTO ai_model_metadata (id, provider_id, model_id, display_name) VALUES ($1, $2, 'm', 'M')", model, provider);
        await _database.ExecuteAsync("INSERT INTO ai_model_prices (id, model_id, version, input_per_million, output_per_million) VALUES (gen_random_uuid(), $1, 1, 1, 1)", model);
        await using var worker = await StartAsync(new Uri("http://127.0.0.1:1/v1"));
        var board = worker.Service<ProviderBoard>();
        await board.WantAsync(ProviderBoard.Platform);
        await UntilAsync(board, ProviderBoard.Platform, seen => seen is { Name: "row", IsWell: false, Word: "refuses its key" });

        Volatile.Write(ref isGood, true);
        await _database.ExecuteAsync("UPDATE ai_providers SET updated_at = clock_timestamp() WHERE id = $1", provider);
        await UntilAsync(board, ProviderBoard.Platform, seen => seen is { Name: "row", IsWell: null });
        await board.WantAsync(ProviderBoard.Platform);

        await UntilAsync(board, ProviderBoard.Platform, seen => seen is { Name: "row", IsWell: true });
        asked.ShouldBe(2);
    }

    private static Task UntilAsync(ProviderBoard board, string scope, Func<ReportedProvider, bool> isSo) => Eventually.TrueAsync(
        async () => (await board.ReadAsync(scope) ?? []).SelectMany(report => report.Providers).Any(isSo), "the worker has reported it");

    private Task<WorkerHost> StartAsync(Uri address, params (string, string)[] settings) => WorkerHost.StartAsync(_database,
    [
        new ModelProvider("house", "quill-2", _model.WriteBook(1), null)
        {
            Account = new(Guid.Empty, "house", ProviderKinds.OpenAiCompatible, address, "sk-secret", new ProviderSettings()),
        },
    ], [("Models:ReportEvery", "00:00:00.05"), ("Models:Reread", "00:00:00.05"), .. settings]);

    private static async Task<(string Status, string Description)> ProvidersAsync(WorkerHost worker)
    {
        using var http = new HttpClient { BaseAddress = worker.Address };
        using var answer = await http.GetAsync("/health");
        answer.IsSuccessStatusCode.ShouldBeTrue("a worker whose provider is out is still a worker");
        var check = JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("checks").EnumerateArray().Single(check => check.GetProperty("name").GetString() == "providers");
        return (check.GetProperty("status").GetString()!, check.GetProperty("description").GetString()!);
    }
}
