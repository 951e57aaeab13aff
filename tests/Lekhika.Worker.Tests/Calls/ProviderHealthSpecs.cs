using System.Text.Json;
using Lekhika.Testing.Chat;
using Lekhika.Testing.Runs;
using Lekhika.Testing.Servers;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Ai.Routing;
using Lekhika.Worker.Nodes;
using Lekhika.Worker.Tests.Pipeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

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

    private Task<WorkerHost> StartAsync(Uri address) => WorkerHost.StartAsync(_database,
    [
        new ModelProvider("house", "quill-2", _model.WriteBook(1), null)
        {
            Account = new(Guid.Empty, "house", ProviderKinds.OpenAiCompatible, address, "sk-secret", new ProviderSettings()),
        },
    ]);

    private static async Task<(string Status, string Description)> ProvidersAsync(WorkerHost worker)
    {
        using var http = new HttpClient { BaseAddress = worker.Address };
        using var answer = await http.GetAsync("/health");
        answer.IsSuccessStatusCode.ShouldBeTrue("a worker whose provider is out is still a worker");
        var check = JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("checks").EnumerateArray().Single(check => check.GetProperty("name").GetString() == "providers");
        return (check.GetProperty("status").GetString()!, check.GetProperty("description").GetString()!);
    }
}
