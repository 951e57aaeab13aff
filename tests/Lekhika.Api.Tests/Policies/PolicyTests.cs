using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Lekhika.Api.Tests.Models;

namespace Lekhika.Api.Tests.Policies;

/// <summary>Each test has its own service: the platform's policy counts for all.</summary>
public sealed class PolicyTests : IAsyncLifetime
{
    private const string Path = "/v1/content-policy";

    private readonly ModelsApi _models = new();

    public Task InitializeAsync() => _models.InitializeAsync();

    public Task DisposeAsync() => _models.DisposeAsync();

    [Fact]
    public async Task When_nobody_has_said_anything_adult_content_is_off()
    {
        using var client = await _models.UserAsync();

        (await client.GetAsync(Path).OkAsync()).ToJsonString().ShouldBe(
            """{"effective":{"adult":false,"violence_graphic":true,"self_harm":false,"hate":false,"weapons":false,"crime":false},"own":null,"platform":null}""");
    }

    [Fact]
    public async Task A_user_s_policy_is_set_and_replaced_and_is_nobody_else_s()
    {
        using var client = await _models.UserAsync();
        using var other = await _models.UserAsync();

        await PutAsync(client, new { categories = new { violence_graphic = false, adult = true }, words = new[] { " Lantern City ", "Lantern City", "東京" } });
        var first = await client.GetAsync(Path).OkAsync();
        var second = await PutAsync(client, new { words = new[] { "salt" } });

        first["own"]!["categories"]!.ToJsonString().ShouldBe("""{"adult":true,"violence_graphic":false}""");
        first["own"]!["words"]!.AsArray().Select(word => (string)word!).ShouldBe(["Lantern City", "東京"]);
        ((bool)first["effective"]!["violence_graphic"]!).ShouldBeFalse();
        ((bool)first["effective"]!["adult"]!).ShouldBeFalse("the platform has not said so");
        second["own"]!["categories"]!.ToJsonString().ShouldBe("{}");
        ((bool)second["effective"]!["violence_graphic"]!).ShouldBeTrue();
        (await other.GetAsync(Path).OkAsync())["own"].ShouldBeNull();
    }

    [Fact]
    public async Task The_platform_s_policy_is_set_by_administrators_and_its_words_are_shown_to_them_alone()
    {
        using var admin = await _models.AdminAsync();
        using var user = await _models.UserAsync();
        var policy = new { categories = new { adult = true, hate = true }, words = new[] { "the secret phrase" } };

        await user.PutAsJsonAsync(Path + "/platform", policy).ProblemAsync(403, "admin_required");
        (await user.GetAsync(Path).OkAsync())["platform"].ShouldBeNull();
        var set = await PutAsync(admin, policy, Path + "/platform");

        set["platform"]!["words"]!.ToJsonString().ShouldBe("""["the secret phrase"]""");
        var seen = await user.GetAsync(Path).OkAsync();
        seen.ToJsonString().ShouldNotContain("secret phrase");
        ((bool)seen["platform"]!["categories"]!["adult"]!).ShouldBeTrue();
        seen["effective"]!.ToJsonString().ShouldBe("""{"adult":false,"violence_graphic":true,"self_harm":false,"hate":true,"weapons":false,"crime":false}""");
        ((bool)(await PutAsync(user, new { categories = new { adult = true, crime = true } }))["effective"]!["adult"]!).ShouldBeTrue("both have said so");
        ((bool)(await user.GetAsync(Path).OkAsync())["effective"]!["crime"]!).ShouldBeFalse("the platform has not");
    }

    [Theory]
    [InlineData("""{"categories": {"minors": true}}""", "categories")]
    [InlineData("""{"categories": {"minors": false}}""", "categories")]
    [InlineData("""{"categories": {"politics": false}}""", "categories")]
    [InlineData("""{"words": [""]}""", "words")]
    [InlineData("""{"words": [" -- "]}""", "words")]
    [InlineData("""{"words": [null]}""", "words")]
    [InlineData("""{"words": ["two\nlines"]}""", "words")]
    [InlineData("""{"words": ["nul\u0000"]}""", "words")]
    [InlineData("""{"words": $long}""", "words")]
    [InlineData("""{"words": $many}""", "words")]
    public async Task A_policy_that_cannot_be_is_told_by_its_field(string body, string field)
    {
        using var client = await _models.UserAsync();
        var text = body.Replace("$long", $"[\"{new string('x', 101)}\"]").Replace("$many", $"[{string.Join(',', Enumerable.Range(0, 201).Select(i => $"\"w{i}\""))}]");

        foreach (var path in new[] { Path, Path + "/platform" })
        {
            var problem = await client.PutTextAsync(path, text).ProblemAsync(400, "validation_failed");
            problem["errors"]!.AsObject().Select(fault => fault.Key).ShouldBe([field]);
        }

        (await client.GetAsync(Path).OkAsync())["own"].ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"categories": {"adult": "yes"}}""")]
    [InlineData("""{"category": {}}""")]
    public async Task A_policy_of_another_shape_is_refused(string body)
    {
        using var client = await _models.UserAsync();
        await client.PutTextAsync(Path, body).ProblemAsync(400, "malformed_request");
    }

    [Fact]
    public async Task A_key_without_the_scopes_of_models_neither_sees_nor_sets_it()
    {
        var client = await _models.Api.ClientAsync("executions:read", "models:read");
        var blind = await _models.Api.ClientAsync("executions:read");

        await client.Http.GetAsync(Path).OkAsync();
        await client.Http.PutAsJsonAsync(Path, new { }).ProblemAsync(403, "scope_missing");
        await blind.Http.GetAsync(Path).ProblemAsync(403, "scope_missing");
    }

    private static Task<JsonNode> PutAsync(HttpClient client, object policy, string path = Path) => client.PutAsJsonAsync(path, policy).OkAsync();
}
