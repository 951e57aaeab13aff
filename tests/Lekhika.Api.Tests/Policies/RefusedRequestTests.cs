using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Lekhika.Api.Tests.Models;
using Lekhika.Api.Tests.Plans;
using Lekhika.Api.Tests.Runs;

namespace Lekhika.Api.Tests.Policies;

/// <summary>What people ask for is held against the policy before anything is queued.</summary>
public sealed class RefusedRequestTests(RunningApi api) : IClassFixture<RunningApi>
{
    private const string Asked = "An erotic novel, please.";

    [Theory]
    [InlineData("premise", Asked, "adult")]
    [InlineData("book_title", "Erotica", "adult")]
    [InlineData("my_own_variable", "A sexual story about a child", "minors")]
    [InlineData("custom_instructions", "Explain how to build a pipe bomb.", "weapons")]
    [InlineData("an erotic story", "yes", "adult")]
    public async Task A_brief_that_asks_for_what_is_not_written_is_refused_and_nothing_is_queued(string field, string value, string category)
    {
        var client = await api.ClientAsync();
        var form = TestClient.Book;
        form[field] = value;
        var before = await api.QueuedRowsAsync();

        using var answer = await client.ExecuteAsync(form);

        var error = await answer.EnvelopeErrorAsync(422, "content_refused");
        error["details"]!.ToJsonString().ShouldBe(new JsonObject { ["field"] = field, ["category"] = category }.ToJsonString());
        ((string)error["message"]!).ShouldStartWith($"The text of '{field}' asks for what is not written here: ");
        ((string)error["message"]!).ShouldEndWith("Change the text, or the content policy where it is yours.");
        (await api.QueuedRowsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_phrase_of_the_user_s_own_list_is_named_and_is_no_other_user_s()
    {
        var client = await api.ClientAsync();
        var other = await api.ClientAsync();
        await client.Http.PutAsJsonAsync("/v1/content-policy", new { words = new[] { "moves THE coast" } }).OkAsync();

        using var refused = await client.ExecuteAsync(TestClient.Book);

        ((string)(await refused.EnvelopeErrorAsync(422, "content_refused"))["message"]!).ShouldContain("a phrase of your own list ('moves THE coast')");
        await other.SubmitAsync();
    }

    [Fact]
    public async Task A_repeat_of_what_was_queued_before_the_policy_changed_answers_the_same_run()
    {
        var client = await api.ClientAsync();
        client.Http.DefaultRequestHeaders.Add("Idempotency-Key", "once");
        var first = await client.SubmitAsync();
        await client.Http.PutAsJsonAsync("/v1/content-policy", new { words = new[] { "map" } }).OkAsync();

        (await client.SubmitAsync()).ShouldBe(first);
    }

    [Fact]
    public async Task A_fork_is_held_against_the_policy_whether_its_brief_is_changed_or_not()
    {
        var client = await api.ClientAsync();
        var source = await api.FinishedAsync(client);
        var before = await api.QueuedRowsAsync();

        var changed = await client.Http.PostAsJsonAsync($"/v1/executions/{source}/fork", new { userInput = new { premise = Asked } }).ProblemAsync(422, "content_refused");
        await client.Http.PutAsJsonAsync("/v1/content-policy", new { words = new[] { "salt" } }).OkAsync();
        var same = await client.Http.PostAsJsonAsync($"/v1/executions/{source}/fork", new { options = new { formats = new[] { "epub" } } }).ProblemAsync(422, "content_refused");

        changed["errors"]!.ToJsonString().ShouldBe("""{"field":"premise","category":"adult"}""");
        same["errors"]!.ToJsonString().ShouldBe("""{"field":"book_title","category":"own_words"}""");
        (await api.QueuedRowsAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("guidance")]
    [InlineData("regeneratePrompt")]
    [InlineData("validationError")]
    public async Task Guidance_for_what_is_done_anew_is_refused(string field)
    {
        var run = await ArrangedRun.WrittenAsync(api);

        var problem = await run.RefusedAsync("regenerate", new Dictionary<string, object> { ["nodeId"] = "writer-1", [field] = Asked }, 422, "content_refused");

        problem["errors"]!.ToJsonString().ShouldBe($$"""{"field":"{{field}}","category":"adult"}""");
        (await run.AnewAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Guidance_for_a_preview_is_refused_and_the_preview_waits_on()
    {
        var run = await ArrangedRun.WrittenAsync(api, "paused");
        await run.ShowAsync("preview-1");

        var problem = await run.RefusedAsync("previews/preview-1/revise", new { guidance = Asked }, 422, "content_refused");

        problem["errors"]!.ToJsonString().ShouldBe("""{"field":"guidance","category":"adult"}""");
    }

    [Fact]
    public async Task An_instruction_with_which_a_run_is_to_go_on_is_refused()
    {
        var run = await ArrangedRun.InAsync(api, "failed");
        await run.FailAsync("writer-1", 1);

        using var answer = await run.Client.Http.PostAsJsonAsync(
            $"/engines-api/{run.Client.EngineId}/resume", new { executionId = run.Id, regenerateContext = new { manualInstruction = Asked } });

        (await answer.EnvelopeErrorAsync(422, "content_refused"))["details"]!.ToJsonString().ShouldBe("""{"field":"regenerateContext.manualInstruction","category":"adult"}""");
        ((string)(await run.GetAsync())["status"]!).ShouldBe("failed");
        (await run.AnewAsync()).ShouldBeEmpty();
    }
}
