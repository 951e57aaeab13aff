using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Lekhika.Api.Tests.Models;

public sealed class PreferenceTests(ModelsApi models) : IClassFixture<ModelsApi>
{
    private const string Path = "/v1/model-preferences";
    private const string Offline = "offline:offline-author";

    [Fact]
    public async Task A_preference_is_set_replaced_listed_and_taken_back()
    {
        using var client = await models.UserAsync();
        var own = await OwnModelAsync(client, "vendor/m:free");

        var first = await PutAsync(client, new { models = new[] { Offline } });
        var special = await PutAsync(client, new { role = "content_writer", tier = "pro", task = "chapter", models = new[] { own, Offline } });
        await PutAsync(client, new { models = new[] { own } });

        ((string)first["owner"]!).ShouldBe("you");
        first["role"].ShouldBeNull();
        special["models"]!.AsArray().Select(model => (string)model!).ShouldBe([own, Offline]);
        var list = await OwnAsync(client);
        list.Select(preference => (string?)preference["role"]).ShouldBe([null, "content_writer"]);
        ((string)list[0]["models"]![0]!).ShouldBe(own, "the later one for the same steps counts");
        await client.DeleteAsync(Path + "?role=content_writer&tier=pro").ProblemAsync(404, "preference_not_found");
        await client.DeleteAsync(Path + "?role=content_writer&tier=pro&task=chapter").NoContentAsync();
        await client.DeleteAsync(Path).NoContentAsync();
        await client.DeleteAsync(Path).ProblemAsync(404, "preference_not_found");
        await client.DeleteAsync(Path + "?role=%00").ProblemAsync(404, "preference_not_found");
        (await OwnAsync(client)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{}""", "models")]
    [InlineData("""{"models": []}""", "models")]
    [InlineData("""{"models": [null]}""", "models")]
    [InlineData("""{"models": ["offline"]}""", "models")]
    [InlineData("""{"models": [":offline-author"]}""", "models")]
    [InlineData("""{"models": ["offline:"]}""", "models")]
    [InlineData("""{"models": ["offline:offline-author", "offline:offline-author"]}""", "models")]
    [InlineData("""{"models": ["a:1", "a:2", "a:3", "a:4", "a:5", "a:6", "a:7", "a:8", "a:9", "a:10", "a:11"]}""", "models")]
    [InlineData("""{"models": ["offline:offline-author"], "role": "king"}""", "role")]
    [InlineData("""{"models": ["offline:offline-author"], "tier": "premium"}""", "tier")]
    [InlineData("""{"models": ["offline:offline-author"], "task": "painting"}""", "task")]
    [InlineData("""{"models": ["offline:offline-author"], "task": ""}""", "task")]
    public async Task A_preference_that_cannot_be_is_told_by_its_field(string body, string field)
    {
        using var client = await models.UserAsync();
        var problem = await client.PutTextAsync(Path, body).ProblemAsync(400, "validation_failed");
        problem["errors"]!.AsObject().Select(fault => fault.Key).ShouldBe([field]);
    }

    [Fact]
    public async Task Models_that_are_not_there_or_somebody_elses_are_named()
    {
        using var client = await models.UserAsync();
        using var other = await models.UserAsync();
        var own = await OwnModelAsync(client);
        var theirs = await OwnModelAsync(other);

        var problem = await client.PutAsJsonAsync(Path, new { models = new[] { own, theirs, "offline:other-author" } }).ProblemAsync(422, "models_unknown");

        problem["errors"]!["models"]!.AsArray().Select(model => (string)model!).ShouldBe([theirs, "offline:other-author"]);
        (await OwnAsync(client)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Nobody_sees_another_users_preferences()
    {
        using var client = await models.UserAsync();
        using var other = await models.UserAsync();
        await PutAsync(client, new { tier = "starter", models = new[] { Offline } });

        (await OwnAsync(other)).ShouldBeEmpty();
        await other.DeleteAsync(Path + "?tier=starter").ProblemAsync(404, "preference_not_found");
        (await OwnAsync(client)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_platforms_preferences_are_set_by_administrators_of_the_platforms_models()
    {
        using var admin = await models.AdminAsync();
        using var user = await models.UserAsync();
        await user.PutAsJsonAsync(Path, new { models = new[] { Offline }, platform = true }).ProblemAsync(403, "admin_required");
        await user.DeleteAsync(Path + "?platform=true").ProblemAsync(403, "admin_required");
        await admin.PutAsJsonAsync(Path, new { models = new[] { await OwnModelAsync(admin) }, platform = true }).ProblemAsync(422, "models_unknown");

        ((string)(await PutAsync(admin, new { task = "outline", models = new[] { Offline }, platform = true }))["owner"]!).ShouldBe("platform");

        (await user.GetAsync(Path).OkAsync())["preferences"]!.AsArray().Count(preference => (string)preference!["owner"]! == "platform").ShouldBe(1);
        await user.DeleteAsync(Path + "?task=outline").ProblemAsync(404, "preference_not_found");
        await admin.DeleteAsync(Path + "?task=outline&platform=true").NoContentAsync();
    }

    [Fact]
    public async Task A_user_has_a_hundred_preferences_at_most_and_can_still_change_them()
    {
        using var client = await models.UserAsync();
        var scopes = (from role in Core.Workflows.NodeRole.All.Keys from task in new[] { "requirements", "bible", "outline", "chapter", "report" } select (role, task)).Take(101).ToList();
        foreach (var (role, task) in scopes[..100])
        {
            await PutAsync(client, new { role, task, models = new[] { Offline } });
        }

        await client.PutAsJsonAsync(Path, new { scopes[100].role, scopes[100].task, models = new[] { Offline } }).ProblemAsync(409, "too_many_preferences");
        await PutAsync(client, new { scopes[7].role, scopes[7].task, models = new[] { await OwnModelAsync(client) } });
    }

    private static async Task<string> OwnModelAsync(HttpClient client, string modelId = "m")
    {
        var provider = await ModelsApi.ProviderAsync(client);
        await ModelsApi.ModelAsync(client, provider, modelId);
        return $"{provider["name"]}:{modelId}";
    }

    private static Task<JsonNode> PutAsync(HttpClient client, object preference) => client.PutAsJsonAsync(Path, preference).OkAsync();

    private static async Task<List<JsonNode>> OwnAsync(HttpClient client) =>
        [.. (await client.GetAsync(Path).OkAsync())["preferences"]!.AsArray().Select(preference => preference!).Where(preference => (string)preference["owner"]! == "you")];
}
