using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Lekhika.Api.Tests.Models;
using Lekhika.Core.Prompts;

namespace Lekhika.Api.Tests.Prompts;

/// <summary>Each test has its own service: the platform's prompts are everybody's.</summary>
public sealed class PromptTests : IAsyncLifetime
{
    private const string Path = "/v1/prompts";
    private const string Chapter = "/v1/prompts/chapter";

    private readonly ModelsApi _models = new();

    public Task InitializeAsync() => _models.InitializeAsync();

    public Task DisposeAsync() => _models.DisposeAsync();

    [Fact]
    public async Task While_nothing_is_published_the_embedded_texts_are_in_force()
    {
        using var client = await _models.UserAsync();

        var prompts = (await client.GetAsync(Path).OkAsync())["prompts"]!.AsArray();
        prompts.Select(prompt => $"{prompt!["kind"]} {prompt["version"]}").ShouldBe(["requirements 0", "bible 0", "outline 0", "chapter 0", "report 0", "image 0", "cover 0"]);
        prompts.ShouldAllBe(prompt => prompt!["embeddedParts"]!.ToJsonString() == """["system","task"]""" && prompt["createdAt"] == null);
        var chapter = await client.GetAsync(Chapter).OkAsync();
        ((string)chapter["inForce"]!["system"]!).ShouldBe(PromptTexts.System("chapter"));
        ((string)chapter["embedded"]!["task"]!).ShouldBe(PromptTexts.Task("chapter"));
        chapter["variables"]!.AsArray().Select(name => (string)name!).ShouldContain("chapter_number");
        chapter["versions"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_version_that_an_administrator_publishes_is_in_force_and_shown_to_all()
    {
        using var admin = await _models.AdminAsync();
        using var user = await _models.UserAsync();

        var made = await PublishAsync(admin, new { expectedVersion = 0, system = "You write {genre} in the house style.", note = "The house style." });

        ((int)made["version"]!).ShouldBe(1);
        made["task"].ShouldBeNull();
        made["createdBy"].ShouldNotBeNull();
        var seen = await user.GetAsync(Chapter).OkAsync();
        ((int)seen["version"]!).ShouldBe(1);
        ((string)seen["inForce"]!["system"]!).ShouldBe("You write {genre} in the house style.");
        ((string)seen["inForce"]!["task"]!).ShouldBe(PromptTexts.Task("chapter"));
        seen["inForce"]!["embeddedParts"]!.ToJsonString().ShouldBe("""["task"]""");
        ((string)seen["embedded"]!["system"]!).ShouldBe(PromptTexts.System("chapter"));
        seen["versions"]!.AsArray().ShouldHaveSingleItem()!["createdBy"].ShouldBeNull("users do not see who");
        (await admin.GetAsync(Chapter).OkAsync())["versions"]![0]!["createdBy"].ShouldNotBeNull();
        (await user.GetAsync(Path).OkAsync())["prompts"]!.AsArray().Select(prompt => (int)prompt!["version"]!).ShouldBe([0, 0, 0, 1, 0, 0, 0]);
    }

    [Fact]
    public async Task Of_administrators_who_have_read_the_same_version_one_publishes_and_the_others_are_told()
    {
        var admins = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _models.AdminAsync()));

        var answers = await Task.WhenAll(admins.Select((admin, i) => admin.PostAsJsonAsync(Chapter, new { expectedVersion = 0, task = $"Write {i}." })));

        var refused = answers.Where(answer => answer.StatusCode != HttpStatusCode.Created).ToList();
        refused.Count.ShouldBe(3);
        foreach (var answer in refused)
        {
            await answer.ProblemAsync(412, "version_conflict");
        }

        await admins[0].PostAsJsonAsync(Chapter, new { expectedVersion = 7, task = "Write." }).ProblemAsync(412, "version_conflict");
        (await admins[0].GetAsync(Chapter).OkAsync())["versions"]!.AsArray().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_version_is_taken_back_by_publishing_an_older_one_or_the_embedded_texts_anew()
    {
        using var admin = await _models.AdminAsync("superadmin");
        await PublishAsync(admin, new { expectedVersion = 0, system = "The first.", task = "Write." });
        await PublishAsync(admin, new { expectedVersion = 1, system = "The second." });

        var back = await PublishAsync(admin, new { expectedVersion = 2, restoreVersion = 1, note = "The second was worse." });
        var embedded = await PublishAsync(admin, new { expectedVersion = 3, restoreVersion = 0 });

        $"{back["version"]} {back["system"]} {back["task"]}".ShouldBe("3 The first. Write.");
        ((int)embedded["version"]!).ShouldBe(4);
        var chapter = await admin.GetAsync(Chapter).OkAsync();
        ((string)chapter["inForce"]!["system"]!).ShouldBe(PromptTexts.System("chapter"));
        chapter["inForce"]!["embeddedParts"]!.ToJsonString().ShouldBe("""["system","task"]""");
        chapter["versions"]!.AsArray().Select(version => (int)version!["version"]!).ShouldBe([4, 3, 2, 1]);
        var missing = await admin.PostAsJsonAsync(Chapter, new { expectedVersion = 4, restoreVersion = 9 }).ProblemAsync(400, "validation_failed");
        ((string)missing["errors"]!["restoreVersion"]![0]!).ShouldBe("There is no version 9 of chapter.");
    }

    [Fact]
    public async Task Versions_are_listed_page_by_page()
    {
        using var admin = await _models.AdminAsync();
        for (var version = 0; version < 5; version++)
        {
            await PublishAsync(admin, new { expectedVersion = version, task = $"Write {version}." });
        }

        var first = await admin.GetAsync(Chapter + "?limit=3").OkAsync();
        var second = await admin.GetAsync($"{Chapter}?limit=3&cursor={first["nextCursor"]}").OkAsync();

        first["versions"]!.AsArray().Concat(second["versions"]!.AsArray()).Select(version => (int)version!["version"]!).ShouldBe([5, 4, 3, 2, 1]);
        second["nextCursor"].ShouldBeNull();
        ((int)second["inForce"]!["version"]!).ShouldBe(5);
        await admin.GetAsync(Chapter + "?limit=0").ProblemAsync(400, "validation_failed");
    }

    [Theory]
    [InlineData("""{"expectedVersion": 0}""", "system")]
    [InlineData("""{"system": "Write."}""", "expectedVersion")]
    [InlineData("""{"expectedVersion": -1, "system": "Write."}""", "expectedVersion")]
    [InlineData("""{"expectedVersion": 0, "system": "Write {mood}."}""", "system")]
    [InlineData("""{"expectedVersion": 0, "system": "Write {genre.", "task": "For {researcher-1.summary}", "note": "$501"}""", "system task note")]
    [InlineData("""{"expectedVersion": 0, "task": "$20001"}""", "task")]
    [InlineData("""{"expectedVersion": 0, "task": " "}""", "task")]
    [InlineData("""{"expectedVersion": 0, "task": "nul\u0000"}""", "task")]
    [InlineData("""{"expectedVersion": 0, "task": "Write.", "restoreVersion": 0}""", "restoreVersion")]
    [InlineData("""{"expectedVersion": 0, "restoreVersion": -1}""", "restoreVersion")]
    [InlineData("""{}""", "expectedVersion system")]
    public async Task Every_fault_is_told_at_once_by_its_field(string body, string fields)
    {
        using var admin = await _models.AdminAsync();
        var text = body.Replace("$501", new string('x', 501)).Replace("$20001", new string('x', 20_001));

        var problem = await admin.PostTextAsync(Chapter, text).ProblemAsync(400, "validation_failed");

        problem["errors"]!.AsObject().Select(fault => fault.Key).ShouldBe(fields.Split(' '));
        ((int)(await admin.GetAsync(Chapter).OkAsync())["version"]!).ShouldBe(0);
    }

    [Fact]
    public async Task A_prompt_of_another_shape_or_kind_is_refused()
    {
        using var admin = await _models.AdminAsync();
        await admin.PostTextAsync(Chapter, """{"expectedVersion": 0, "text": "Write."}""").ProblemAsync(400, "malformed_request");
        await admin.PostTextAsync(Chapter, """{"expectedVersion": 0, "task": "half \ud800"}""").ProblemAsync(400, "malformed_request");
        await admin.PostAsJsonAsync(Path + "/manuscript", new { expectedVersion = 0, task = "Write." }).ProblemAsync(404, "prompt_not_found");
        await admin.GetAsync(Path + "/Chapter").ProblemAsync(404, "prompt_not_found");
    }

    [Fact]
    public async Task Who_is_no_administrator_or_lacks_the_scope_publishes_nothing()
    {
        using var user = await _models.UserAsync();
        var reader = await _models.Api.ClientAsync("models:read");
        var blind = await _models.Api.ClientAsync("executions:read");
        var body = new { expectedVersion = 0, task = "Write." };

        await user.PostAsJsonAsync(Chapter, body).ProblemAsync(403, "admin_required");
        await reader.Http.PostAsJsonAsync(Chapter, body).ProblemAsync(403, "scope_missing");
        await reader.Http.GetAsync(Path).OkAsync();
        await blind.Http.GetAsync(Path).ProblemAsync(403, "scope_missing");
        (await _models.Api.Database.AskAsync<long>("SELECT count(*) FROM prompt_templates")).ShouldBe(0);
    }

    private static async Task<JsonNode> PublishAsync(HttpClient client, object version)
    {
        using var answer = await client.PostAsJsonAsync(Chapter, version);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        answer.Headers.Location!.ToString().ShouldBe(Chapter);
        return await answer.JsonAsync();
    }
}
