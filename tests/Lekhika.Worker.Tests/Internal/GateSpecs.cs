using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Lekhika.Testing.Chat;
using Lekhika.Testing.Runs;
using Lekhika.Testing.Servers;
using Lekhika.Worker.Tests.Pipeline;
using Microsoft.Extensions.Options;

namespace Lekhika.Worker.Tests.Internal;

public sealed class GateSpecs
{
    [Fact]
    public async Task Every_route_refuses_a_request_without_the_secret_or_with_another_and_nothing_changes()
    {
        await using var worker = await InternalWorker.StartAsync();
        var run = await worker.RunAsync();
        var before = await worker.AllAsync();
        using var client = new HttpClient { BaseAddress = worker.Client.BaseAddress };
        var routes = worker.Routes.Append(("GET", "/nowhere")).ToList();

        foreach (var (method, pattern) in routes)
        {
            foreach (var secret in new[] { null, "", "wrong", InternalWorker.Secret[..^1], InternalWorker.Secret + "x", InternalWorker.Secret.ToUpperInvariant() })
            {
                using var answer = await SendAsync(client, method, pattern, run, await worker.EngineAsync(run), secret);

                answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, $"{method} {pattern} with '{secret}'");
                answer.Headers.WwwAuthenticate.ToString().ShouldBe("X-Internal-Auth");
                var body = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
                body.GetProperty("success").GetBoolean().ShouldBeFalse();
                body.GetProperty("code").GetString().ShouldBe(string.IsNullOrEmpty(secret) ? "internal_auth_required" : "internal_auth_invalid");
            }
        }

        routes.Count.ShouldBeGreaterThan(18);
        (await worker.AllAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task The_secret_must_come_once()
    {
        await using var worker = await InternalWorker.StartAsync();
        using var client = new HttpClient { BaseAddress = worker.Client.BaseAddress };
        client.DefaultRequestHeaders.Add("X-Internal-Auth", [InternalWorker.Secret, InternalWorker.Secret]);

        using var answer = await client.GetAsync("/status");

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Without_a_secret_every_route_refuses_everybody()
    {
        await using var worker = await InternalWorker.StartAsync(secret: null);
        var run = await worker.RunAsync();
        var before = await worker.AllAsync();
        using var client = new HttpClient { BaseAddress = worker.Client.BaseAddress };

        foreach (var (method, pattern) in worker.Routes)
        {
            using var answer = await SendAsync(client, method, pattern, run, await worker.EngineAsync(run), InternalWorker.Secret);

            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, $"{method} {pattern}");
            JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("code").GetString().ShouldBe("internal_api_disabled");
        }

        (await worker.AllAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Neither_port_answers_for_the_other_whatever_the_Host_header_says()
    {
        await using var worker = await InternalWorker.StartAsync();
        using var client = new HttpClient { BaseAddress = worker.Host.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/queue/stats") { Headers = { { "X-Internal-Auth", InternalWorker.Secret } } };
        request.Headers.Host = worker.Client.BaseAddress!.Authority;

        using var elsewhere = await client.SendAsync(request);
        using var alive = await client.GetAsync("/alive");

        elsewhere.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        alive.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await worker.GetAsync("/alive")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_unknown_address_and_a_wrong_method_are_told_as_such()
    {
        await using var worker = await InternalWorker.StartAsync();

        var (status, body) = await worker.GetAsync("/executions");
        var (wrong, method) = await worker.GetAsync("/execute");

        status.ShouldBe(HttpStatusCode.NotFound);
        (body.GetProperty("success").GetBoolean(), body.GetProperty("error").GetString()).ShouldBe((false, "Endpoint not found"));
        (wrong, method.GetProperty("code").GetString()).ShouldBe((HttpStatusCode.MethodNotAllowed, "method_not_allowed"));
    }

    [Theory]
    [InlineData("INTERNAL_API_SECRET", "too-short-to-be-a-secret", "INTERNAL_API_SECRET must have at least 32 characters")]
    [InlineData("INTERNAL_API_SECRET", "thirty-two characters with blanks in them", "all of them visible ASCII")]
    [InlineData("PORT", "65536", "PORT (Worker:InternalPort) must be a port")]
    [InlineData("Worker:InternalAddress", "somewhere", "Worker:InternalAddress must be an IP address")]
    public async Task A_wrong_setting_keeps_the_worker_from_starting(string setting, string value, string sentence)
    {
        await using var database = await TestDatabase.CreateAsync();

        var refusal = await Should.ThrowAsync<OptionsValidationException>(() => WorkerHost.StartAsync(database, new ScriptedChatClient(), (setting, value)));

        refusal.Message.ShouldContain(sentence);
        if (setting == "INTERNAL_API_SECRET")
        {
            refusal.Message.ShouldNotContain(value);
        }
    }

    [Fact]
    public async Task Without_a_port_there_are_no_internal_endpoints_and_a_taken_one_is_told()
    {
        await using var worker = await InternalWorker.StartAsync();
        await using var database = await TestDatabase.CreateAsync();
        await using var without = await WorkerHost.StartAsync(database, new ScriptedChatClient());

        without.Internal.ShouldBeNull();
        var taken = await Should.ThrowAsync<InvalidOperationException>(() => WorkerHost.StartAsync(database, new ScriptedChatClient(), ("PORT", worker.Client.BaseAddress!.Port.ToString())));
        taken.Message.ShouldContain("Choose another PORT");
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string method, string pattern, QueuedRun run, Guid engine, string? secret)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), pattern.Replace("{id}", run.Id.ToString()).Replace("{set}", "failed"));
        if (method == "POST")
        {
            request.Content = JsonContent.Create(new { executionId = run.Id, run.UserId, userEngineId = engine, userInput = new { book_title = "A" }, nodeId = "writer-1" });
        }

        if (secret is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Internal-Auth", secret);
        }

        return client.SendAsync(request);
    }
}
