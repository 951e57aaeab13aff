using System.Net;
using System.Text.Json;
using Lekhika.Persistence.Runs;
using Npgsql;

namespace Lekhika.Worker.Tests.Internal;

public sealed class QueueSpecs : IAsyncLifetime
{
    private InternalWorker _worker = null!;

    public async Task InitializeAsync() => _worker = await InternalWorker.StartAsync();

    public async Task DisposeAsync() => await _worker.DisposeAsync();

    [Fact]
    public async Task The_figures_are_those_of_all_tenants()
    {
        foreach (var state in new[] { "queued", "queued", "paused", "failed", "completed", "completed", "stopped", "exporting" })
        {
            await _worker.RunAsync(state);
        }

        var (status, body) = await _worker.GetAsync("/queue/stats");

        status.ShouldBe(HttpStatusCode.OK);
        body.GetRawText().ShouldBe("""{"success":true,"waiting":2,"active":0,"exporting":1,"paused":1,"failed":1,"completed":2,"stopped":1,"queuePaused":true}""");
    }

    [Fact]
    public async Task A_paused_queue_keeps_runs_waiting_until_it_is_resumed()
    {
        var run = await _worker.RunAsync();
        await using var source = NpgsqlDataSource.Create(_worker.Database.Worker);
        (await new RunQueue(source).ClaimAsync("another", 1, TimeSpan.FromMinutes(1), CancellationToken.None)).ShouldBeEmpty();
        (await run.AskAsync<string>("SELECT status FROM engine_executions WHERE id = $1")).ShouldBe("queued");

        var (status, resumed) = await _worker.PostAsync("/queue/resume");
        await run.UntilAsync("exporting");
        var (_, paused) = await _worker.PostAsync("/queue/pause");

        (status, resumed.GetProperty("queuePaused").GetBoolean(), paused.GetProperty("queuePaused").GetBoolean()).ShouldBe((HttpStatusCode.OK, false, true));
        (await _worker.GetAsync("/queue/stats")).Body.GetProperty("queuePaused").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task A_nudge_tells_how_many_wait()
    {
        await _worker.RunAsync();
        await _worker.RunAsync("failed");

        var (status, body) = await _worker.PostAsync("/process-executions");

        (status, body.GetProperty("processed").GetInt64()).ShouldBe((HttpStatusCode.OK, 1));
        body.GetProperty("message").GetString().ShouldNotBeNull().ShouldContain("the queue is paused");
    }

    [Theory]
    [InlineData("/queue/clear/failed", "Nothing is deleted by hand")]
    [InlineData("/queue/clear/delayed", "Nothing is deleted by hand")]
    [InlineData("/queue/clear/waiting", "Nothing is deleted by hand")]
    [InlineData("/queue/reset", "Nothing is deleted by hand")]
    [InlineData("/cleanup", "Nothing is deleted by hand")]
    [InlineData("/restart", "Processes belong to the orchestrator")]
    [InlineData("/stop-worker", "Processes belong to the orchestrator")]
    [InlineData("/start-worker", "Processes belong to the orchestrator")]
    public async Task What_nobody_should_do_by_hand_is_not_offered_with_the_reason(string path, string reason)
    {
        await _worker.RunAsync("failed");
        var before = await _worker.AllAsync();

        var (status, body) = await _worker.PostAsync(path);

        (status, body.GetProperty("code").GetString()).ShouldBe((HttpStatusCode.Gone, "not_offered"));
        body.GetProperty("error").GetString().ShouldNotBeNull().ShouldContain(reason);
        (await _worker.AllAsync()).ShouldBe(before);
    }
}
