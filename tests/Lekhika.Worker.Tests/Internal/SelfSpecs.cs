using System.Net;
using Lekhika.Testing.Chat;
using Lekhika.Testing.Runs;
using Lekhika.Worker.Internal.Self;
using Microsoft.Extensions.Logging;

namespace Lekhika.Worker.Tests.Internal;

public sealed class SelfSpecs
{
    [Fact]
    public async Task Status_and_health_tell_how_the_worker_is()
    {
        var release = new TaskCompletionSource();
        var model = new ScriptedChatClient();
        model.When().Once().HoldUntil(release.Task).Say(ScriptedBook.Plan("requirements", 2));
        await using var worker = await InternalWorker.StartAsync(isQueuePaused: false, model: model);
        var run = await QueuedRun.InsertAsync(worker.Database, chapters: 2);
        await model.ArrivedAsync(1);

        var (_, load) = await worker.GetAsync("/status");
        var (status, health) = await worker.GetAsync("/health");
        release.SetResult();

        (load.GetProperty("success").GetBoolean(), load.GetProperty("status").GetString(), load.GetProperty("activeExecutions").GetInt32()).ShouldBe((true, "healthy", 1));
        load.GetProperty("activeExecutionIds")[0].GetGuid().ShouldBe(run.Id);
        load.GetProperty("capacity").GetInt32().ShouldBe(load.GetProperty("maxConcurrent").GetInt32() - 1);
        load.GetProperty("memoryUsage").GetProperty("rss").GetInt64().ShouldBeGreaterThan(0);
        (status, health.GetProperty("status").GetString()).ShouldBeOneOf((HttpStatusCode.OK, "healthy"), (HttpStatusCode.OK, "degraded"));
        health.GetProperty("workerId").GetString().ShouldNotBeNull().ShouldStartWith("worker-");
        health.GetProperty("version").GetString().ShouldNotBeNullOrEmpty();
        health.GetProperty("uptime").GetDouble().ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public async Task Logs_are_the_last_lines_and_hold_neither_secret_nor_key_nor_form()
    {
        await using var worker = await InternalWorker.StartAsync();
        var run = await worker.RunAsync("stopped");
        await worker.PostAsync("/execute", new { run.UserId, userEngineId = await worker.EngineAsync(run), userInput = new { book_title = "Private title" }, lekhikaApiKey = "LEKH-2-PRIVATE" });
        using var wrong = new HttpRequestMessage(HttpMethod.Get, "/status") { Headers = { { "X-Internal-Auth", "a-wrong-secret" } } };
        using var anonymous = new HttpClient { BaseAddress = worker.Client.BaseAddress };
        using var refused = await anonymous.SendAsync(wrong);
        await worker.PostAsync("/queue/pause");

        using var answer = await worker.Client.GetAsync("/logs?limit=1000");
        var text = await answer.Content.ReadAsStringAsync();

        answer.Content.Headers.ContentType?.ToString().ShouldBe("text/plain; charset=utf-8");
        text.ShouldContain("was asked for at the internal port");
        text.TrimEnd().Split('\n')[^1].ShouldContain("An operator set the pause of the queue: True");
        foreach (var secret in new[] { InternalWorker.Secret, "a-wrong-secret", "PRIVATE", "Private title", "Password=" })
        {
            text.ShouldNotContain(secret);
        }

        (await worker.Client.GetStringAsync("/logs?limit=1")).Count(c => c == '\n').ShouldBe(1);
        (await worker.Client.GetAsync("/logs")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1001")]
    [InlineData("-5")]
    [InlineData("all")]
    public async Task A_wrong_number_of_lines_is_refused(string limit)
    {
        await using var worker = await InternalWorker.StartAsync();

        (await worker.GetAsync($"/logs?limit={limit}")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public void The_ring_keeps_the_newest_lines_each_short_and_on_one_line_without_scopes_and_stack_traces()
    {
        using var ring = new LogRing(TimeProvider.System);
        var log = ring.CreateLogger("Some.Category");
        for (var number = 1; number <= 1_100; number++)
        {
            log.LogInformation("Number {Number}", number);
        }

        using (log.BeginScope("a scope's secret"))
        {
            log.LogWarning(new InvalidOperationException("It\nbroke."), "Two\r\nlines {Long}", new string('x', 10));
            log.LogError("{Long}", new string('x', 5_000));
        }

        var lines = ring.Last(2_000);
        lines.Count.ShouldBe(LogRing.MostLines);
        lines[0].ShouldEndWith("Number 103");
        lines[^1].Length.ShouldBe(LogRing.MostCharacters);
        lines[^2].ShouldEndWith("Warning Some.Category: Two  lines xxxxxxxxxx | System.InvalidOperationException: It broke.");
        lines.ShouldAllBe(line => !line.Contains("scope") && !line.Any(char.IsControl));
        ring.Last(1).ShouldBe([lines[^1]]);
    }
}
