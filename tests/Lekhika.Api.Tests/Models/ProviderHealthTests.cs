using System.Text.Json.Nodes;
using Lekhika.Persistence.Signals;
using Lekhika.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Lekhika.Api.Tests.Models;

/// <summary>How providers are, as workers have reported it.</summary>
public sealed class ProviderHealthTests(ModelsApi models) : IClassFixture<ModelsApi>, IAsyncLifetime
{
    private const string Path = "/v1/providers/health";
    private static readonly DateTimeOffset Later = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 3_600);

    private ProviderBoard Board => models.Api.Services.GetRequiredService<ProviderBoard>();

    // The host is up before its connection to Redis is.
    public Task InitializeAsync() => Eventually.TrueAsync(async () => await Board.ReadAsync(ProviderBoard.Platform) is not null, "Redis is connected");

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Of_a_provider_that_no_worker_has_heard_of_nothing_is_known_and_asking_has_one_look_after_it()
    {
        var client = await models.Api.ClientAsync();
        var provider = await ModelsApi.ProviderAsync(client.Http);

        var health = await OneAsync(client.Http, provider);

        ((string)health["status"]!).ShouldBe("unknown");
        health["checkedAt"].ShouldBeNull();
        var wanted = new List<string?>();
        while (await Board.TakeWantedAsync() is { } scope)
        {
            wanted.Add(scope);
        }

        wanted.ShouldContain(ProviderBoard.Of(client.User.Id));
    }

    [Fact]
    public async Task The_newest_word_of_the_workers_counts_and_the_worst_breaker()
    {
        using var admin = await models.AdminAsync();
        var provider = await ModelsApi.ProviderAsync(admin, secret: "sk-0123456789abcdef", platform: true);
        await ReportAsync(ProviderBoard.Platform, "w-1", Seen(provider, true, "answers", Later) with { Breaker = "open" });
        await ReportAsync(ProviderBoard.Platform, "w-2", Seen(provider, false, "refuses its key", Later.AddMinutes(1)));

        var health = await OneAsync(admin, provider);

        ((string)health["status"]!, (string)health["reason"]!, (string)health["breaker"]!).ShouldBe(("failed", "refuses its key", "open"));
        ((DateTimeOffset)health["checkedAt"]!).ShouldBe(Later.AddMinutes(1));
        health["workers"]!.AsArray().Select(view => $"{view!["worker"]} {view["status"]} {view["breaker"]}").Order().ShouldBe(["w-1 ok open", "w-2 failed closed"]);
        health.ToJsonString().ShouldNotContain("sk-0123");
    }

    [Fact]
    public async Task What_was_seen_of_a_provider_before_it_was_changed_does_not_count()
    {
        var client = await models.Api.ClientAsync();
        var provider = await ModelsApi.ProviderAsync(client.Http);
        await ReportAsync(ProviderBoard.Of(client.User.Id), "w-1", Seen(provider, false, "refuses its key", Later.AddDays(-1)));

        var health = await OneAsync(client.Http, provider);

        ((string)health["status"]!, (string?)health["reason"]).ShouldBe(("unknown", null));
    }

    [Fact]
    public async Task What_is_left_out_is_told_with_its_reason_and_its_models()
    {
        var client = await models.Api.ClientAsync();
        var provider = await ModelsApi.ProviderAsync(client.Http);
        var seen = Seen(provider, null, null, null) with { LeftOut = "It has no key.", Models = [new LeftOutModel("m-9", "It has no price.")] };
        await ReportAsync(ProviderBoard.Of(client.User.Id), "w-1", seen);

        var health = await OneAsync(client.Http, provider);

        ((string)health["status"]!, (string)health["reason"]!).ShouldBe(("left_out", "It has no key."));
        health["leftOutModels"]!.ToJsonString().ShouldBe("""[{"modelId":"m-9","reason":"It has no price."}]""");
        health["workers"].ShouldBeNull();
    }

    [Fact]
    public async Task The_platform_s_providers_and_those_of_the_environment_are_shown_to_administrators_alone()
    {
        using var admin = await models.AdminAsync();
        using var user = await models.UserAsync();
        var provider = await ModelsApi.ProviderAsync(admin, platform: true);
        await ReportAsync(ProviderBoard.Platform, "w-env", new ReportedProvider("openai", "openai", "closed", [], null, true, "answers", Later));

        (await AllAsync(user)).ShouldBeEmpty();
        var seen = await AllAsync(admin);

        seen.ShouldContain(health => (string)health["name"]! == (string)provider["name"]!);
        ((string)seen.Single(health => (string)health["kind"]! == "offline")["status"]!).ShouldBe("ok", "it needs no server that could be out");
        var environment = seen.Single(health => (string)health["owner"]! == "environment");
        ((string)environment["name"]!, (string)environment["status"]!).ShouldBe(("openai", "ok"));
    }

    [Fact]
    public async Task Another_user_s_provider_is_not_there_and_the_list_has_pages()
    {
        using var one = await models.UserAsync();
        using var other = await models.UserAsync();
        await ModelsApi.ProviderAsync(other);
        var first = await ModelsApi.ProviderAsync(one);
        var second = await ModelsApi.ProviderAsync(one);

        var page = await one.GetAsync($"{Path}?limit=1").OkAsync();
        var rest = await one.GetAsync($"{Path}?limit=1&cursor={page["nextCursor"]}").OkAsync();

        page["providers"]!.AsArray().Concat(rest["providers"]!.AsArray()).Select(health => (string)health!["id"]!).ShouldBe([(string)second["id"]!, (string)first["id"]!]);
        rest["nextCursor"].ShouldBeNull();
    }

    [Fact]
    public async Task A_key_without_the_scope_sees_nothing()
    {
        var client = await models.Api.ClientAsync("executions:read");
        await client.Http.GetAsync(Path).ProblemAsync(403, "scope_missing");
    }

    private Task<bool> ReportAsync(string scope, string worker, ReportedProvider provider) => Board.WriteAsync(scope, new ProviderReport(worker, Later, [provider]));

    private static ReportedProvider Seen(JsonNode provider, bool? isWell, string? word, DateTimeOffset? at) =>
        new((string)provider["name"]!, (string)provider["kind"]!, "closed", [], Guid.Parse((string)provider["id"]!), isWell, word, at);

    private static async Task<JsonNode> OneAsync(HttpClient client, JsonNode provider) =>
        (await AllAsync(client)).Single(health => (string?)health["id"] == (string)provider["id"]!);

    private static async Task<List<JsonNode>> AllAsync(HttpClient client) => [.. (await client.GetAsync(Path).OkAsync())["providers"]!.AsArray().Select(health => health!)];
}
