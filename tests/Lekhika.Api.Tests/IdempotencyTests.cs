using System.Net;
using System.Net.Http.Json;
using System.Text;

namespace Lekhika.Api.Tests;

public sealed class IdempotencyTests(RunningApi api) : IClassFixture<RunningApi>
{
    [Fact]
    public async Task A_repeat_answers_the_first_run()
    {
        var client = await api.ClientAsync();
        using var first = await SendAsync(client, "7", TestClient.Book);
        var before = await api.QueuedRowsAsync();

        using var second = await SendAsync(client, "7", TestClient.Book);

        first.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        first.Headers.Contains("Idempotency-Replayed").ShouldBeFalse();
        second.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        second.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
        second.Headers.Location.ShouldBe(first.Headers.Location);
        (await second.JsonAsync())["data"]!.ToJsonString().ShouldBe((await first.JsonAsync())["data"]!.ToJsonString());
        (await api.QueuedRowsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_repeat_with_another_body_or_engine_is_refused()
    {
        var client = await api.ClientAsync();
        using var first = await SendAsync(client, "a", TestClient.Book);
        var other = TestClient.Book;
        other["book_title"] = "Another";
        var before = await api.QueuedRowsAsync();

        using var second = await SendAsync(client, "a", other);

        await second.EnvelopeErrorAsync(422, "idempotency_key_reused");
        (await api.QueuedRowsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Keys_of_two_users_do_not_meet()
    {
        var one = await api.ClientAsync();
        var two = await api.ClientAsync();
        using var first = await SendAsync(one, "same", TestClient.Book);
        using var second = await SendAsync(two, "same", TestClient.Book);
        second.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        second.Headers.Location.ShouldNotBe(first.Headers.Location);
    }

    [Fact]
    public async Task Ten_repeats_at_once_make_one_run()
    {
        var client = await api.ClientAsync();
        var before = await api.QueuedRowsAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => SendAsync(client, "burst", TestClient.Book)));

        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.Accepted);
        answers.Select(answer => answer.Headers.Location).Distinct().ShouldHaveSingleItem();
        answers.Count(answer => !answer.Headers.Contains("Idempotency-Replayed")).ShouldBe(1);
        (await api.QueuedRowsAsync()).ShouldBe(before + 3);
    }

    [Fact]
    public async Task A_refused_request_leaves_its_key_free()
    {
        var client = await api.ClientAsync();
        using var bad = await SendAsync(client, "retry", new Dictionary<string, object>());
        await bad.EnvelopeErrorAsync(400, "validation_failed");
        using var good = await SendAsync(client, "retry", TestClient.Book);
        good.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("256")]
    public async Task A_key_of_another_form_is_refused(string key)
    {
        var client = await api.ClientAsync();
        using var answer = await SendAsync(client, key == "256" ? new string('k', 256) : key, TestClient.Book);
        await answer.EnvelopeErrorAsync(400, "idempotency_key_invalid");
    }

    [Fact]
    public async Task Two_keys_are_refused()
    {
        var client = await api.ClientAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, client.ExecutePath) { Content = JsonContent.Create(new { userInput = TestClient.Book }) };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", ["a", "b"]);
        using var answer = await client.Http.SendAsync(request);
        await answer.EnvelopeErrorAsync(400, "idempotency_key_invalid");
    }

    [Fact]
    public async Task A_value_that_is_no_text_is_refused_with_a_key_too()
    {
        var client = await api.ClientAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, client.ExecutePath)
        {
            Content = new StringContent("""{"userInput": {"book_title": "T", "premise": "\ud800"}}""", Encoding.UTF8, "application/json"),
            Headers = { { "Idempotency-Key", "surrogate" } },
        };
        using var answer = await client.Http.SendAsync(request);
        await answer.EnvelopeErrorAsync(400, "validation_failed");
    }

    private static Task<HttpResponseMessage> SendAsync(TestClient client, string key, object userInput)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, client.ExecutePath) { Content = JsonContent.Create(new { userInput }) };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return client.Http.SendAsync(request);
    }
}
