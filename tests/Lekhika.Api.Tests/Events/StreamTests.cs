using System.Diagnostics;
using System.Text.Json.Nodes;
using Lekhika.Core.Executions;
using Lekhika.Persistence.Signals;
using Lekhika.Testing;
using Lekhika.Testing.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace Lekhika.Api.Tests.Events;

public sealed class StreamTests(RunningApi api) : IClassFixture<RunningApi>
{
    [Fact]
    public async Task An_ended_run_is_told_from_its_first_event_to_the_end()
    {
        var client = await api.ClientAsync();
        var id = await client.SubmitAsync();
        await api.HappensAsync(id, "step.completed", "writer-1");
        await api.HappensAsync(id, "run.completed", status: "completed");

        using var stream = await OpenStream.OpenAsync(client, id);

        stream.Answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        stream.Answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await stream.NamesAsync()).ShouldBe(["1 run.submitted", "2 step.completed", "3 run.completed", "end"]);
    }

    [Fact]
    public async Task Data_is_the_event_as_in_a_list()
    {
        var client = await api.ClientAsync();
        var id = await client.SubmitAsync();
        using var stream = await OpenStream.OpenAsync(client, id);
        var sent = JsonNode.Parse((await stream.NextAsync())!.Data)!;
        using var list = await client.Http.GetAsync($"/v1/executions/{id}/events");
        sent.ToJsonString().ShouldBe((await list.JsonAsync())["events"]![0]!.ToJsonString());
    }

    [Fact]
    public async Task More_than_a_page_of_events_comes_whole()
    {
        var client = await api.ClientAsync();
        var id = await client.SubmitAsync();
        await api.Database.ExecuteAsync("""
            INSERT INTO execution_events (execution_id, seq, user_id, type) SELECT $1, n, $2, 'scene.completed' FROM generate_series(2, 1000) n
            """, id, client.User.Id);
        await api.Database.ExecuteAsync("UPDATE engine_executions SET last_seq = 1000, status = 'stopped' WHERE id = $1", id);
        using var stream = await OpenStream.OpenAsync(client, id);
        var names = await stream.NamesAsync();
        names.Count.ShouldBe(1001);
        names[999].ShouldBe("1000 scene.completed");
    }

    [Fact]
    public async Task A_stream_that_broke_goes_on_where_it_was()
    {
        var client = await api.ClientAsync();
        var id = await client.SubmitAsync();
        await api.HappensAsync(id, "step.completed", "writer-1");
        await api.HappensAsync(id, "run.failed", status: "failed");
        using var stream = await OpenStream.OpenAsync(client, id, "?after=0", lastEventId: "2");
        (await stream.NamesAsync()).ShouldBe(["3 run.failed", "end"]);
        using var after = await OpenStream.OpenAsync(client, id, "?after=3");
        (await after.NamesAsync()).ShouldBe(["end"]);
    }

    [Fact]
    public async Task An_id_that_is_no_number_is_refused()
    {
        var client = await api.ClientAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/executions/{await client.SubmitAsync()}/events") { Headers = { { "Last-Event-ID", "x" }, { "Accept", "text/event-stream" } } };
        using var answer = await client.Http.SendAsync(request);
        await answer.ProblemAsync(400, "validation_failed");
    }

    [Fact]
    public async Task What_happens_comes_at_once_when_it_is_signalled()
    {
        var client = await api.ClientAsync();
        var id = await client.SubmitAsync();
        using var stream = await OpenStream.OpenAsync(client, id);
        (await stream.NextAsync())!.Name.ShouldBe("run.submitted");
        await api.ListenedAsync(client, id, stream);

        var watch = Stopwatch.StartNew();
        await api.HappensAsync(id, "step.completed", "writer-1");
        api.Services.GetRequiredService<LiveSignals>().Changed(id);

        (await stream.NextAsync())!.Name.ShouldBe("step.completed");
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(4), "the look without a hint comes after five");
    }

    [Theory]
    [InlineData("/v1/executions/{0}/stop")]
    [InlineData("/engines-api/stop/{0}")]
    public async Task What_somebody_asks_of_a_run_is_signalled_to_those_who_watch_it(string stop)
    {
        // For a minute nothing but a hint can bring the news.
        await using var patient = await RunningApi.StartAsync(("Streams:Look", "00:01:00"), ("Streams:Poll", "00:01:00"));
        var client = await patient.ClientAsync();
        var id = await client.SubmitAsync();
        using var stream = await OpenStream.OpenAsync(client, id);
        (await stream.NextAsync())!.Name.ShouldBe("run.submitted");
        await patient.ListenedAsync(client, id, stream);

        using var answer = await client.Http.PostAsync(stop.Replace("{0}", id.ToString(), StringComparison.Ordinal), null);

        answer.IsSuccessStatusCode.ShouldBeTrue();
        (await stream.NextAsync().WaitAsync(TimeSpan.FromSeconds(20)))!.Name.ShouldBe("run.stop_requested");
    }

    [Fact]
    public async Task Text_comes_to_those_who_ask_for_it_without_an_id()
    {
        var client = await api.ClientAsync();
        var id = await client.SubmitAsync();
        using var plain = await OpenStream.OpenAsync(client, id);
        using var stream = await OpenStream.OpenAsync(client, id, "?deltas=true");
        (await stream.NextAsync())!.Name.ShouldBe("run.submitted");
        var signals = api.Services.GetRequiredService<LiveSignals>();
        var next = stream.NextAsync();
        await Eventually.TrueAsync(() =>
        {
            signals.Delta(id, new StepKey("writer-1", 2, 1), "Once\nupon");
            return Task.FromResult(next.IsCompleted);
        }, "text comes");

        var delta = (await next)!;
        delta.Name.ShouldBe("text.delta");
        delta.Id.ShouldBeNull();
        delta.Data.ShouldBe("""{"nodeId":"writer-1","item":2,"text":"Once\nupon"}""");
        await api.HappensAsync(id, "run.stopped", status: "stopped");
        signals.Changed(id);
        (await plain.NamesAsync()).ShouldNotContain("text.delta");
    }

    [Fact]
    public async Task A_silent_stream_says_that_it_lives_and_ends_after_its_time()
    {
        await using var quick = await RunningApi.StartAsync(("Streams:Heartbeat", "00:00:00.2"), ("Streams:Longest", "00:00:02"));
        var client = await quick.ClientAsync();
        using var stream = await OpenStream.OpenAsync(client, await client.SubmitAsync());
        (await stream.NextAsync())!.Name.ShouldBe("run.submitted");
        (await stream.NextAsync()).ShouldBe(new SentEvent(null, null, "alive"));
        var rest = await stream.NamesAsync();
        rest.ShouldAllBe(name => name.Length == 0);
    }

    [Fact]
    public async Task One_user_has_so_many_streams_and_a_closed_one_makes_room()
    {
        await using var narrow = await RunningApi.StartAsync(("Streams:PerUser", "2"), ("Streams:Heartbeat", "00:00:00.1"));
        var client = await narrow.ClientAsync();
        var other = await narrow.ClientAsync();
        var id = await client.SubmitAsync();
        using var first = await OpenStream.OpenAsync(client, id);
        var second = await OpenStream.OpenAsync(client, id);
        using var third = await TryAsync(client, id);
        await third.ProblemAsync(429, "too_many_streams");
        third.Headers.RetryAfter.ShouldNotBeNull();
        using var others = await OpenStream.OpenAsync(other, await other.SubmitAsync());

        second.Dispose();
        await Eventually.TrueAsync(async () =>
        {
            using var answer = await TryAsync(client, id);
            return answer.IsSuccessStatusCode;
        }, "there is room again");
    }

    [Fact]
    public async Task Without_Redis_what_happens_comes_by_looking()
    {
        await using var redis = await BreakableRedis.StartAsync();
        await using var lonely = await RunningApi.StartAsync(("ConnectionStrings:redis", redis.ConnectionString));
        var client = await lonely.ClientAsync();
        var id = await client.SubmitAsync();
        await redis.KillAsync();
        using var stream = await OpenStream.OpenAsync(client, id);
        (await stream.NextAsync())!.Name.ShouldBe("run.submitted");

        await lonely.HappensAsync(id, "run.completed", status: "completed");

        (await stream.NamesAsync()).ShouldBe(["2 run.completed", "end"]);
        lonely.Services.GetRequiredService<LiveSignals>().Changed(id);
        lonely.Services.GetRequiredService<LiveSignals>().Delta(id, new StepKey("writer-1", 1, 1), "Nobody hears it.");
    }

    private static async Task<HttpResponseMessage> TryAsync(TestClient client, Guid id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/executions/{id}/events") { Headers = { { "Accept", "text/event-stream" } } };
        return await client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}

internal static class Listening
{
    /// <summary>Waits until the stream hears hints.</summary>
    public static async Task ListenedAsync(this RunningApi api, TestClient client, Guid id, OpenStream stream)
    {
        // Hints without news change nothing, so one that was too early is repeated with news.
        await api.HappensAsync(id, "scene.completed", "writer-1");
        var next = stream.NextAsync();
        await Eventually.TrueAsync(async () =>
        {
            api.Services.GetRequiredService<LiveSignals>().Changed(id);
            return await Task.WhenAny(next, Task.Delay(50)) == next;
        }, $"the stream of {client.User.Email} hears hints");
        (await next)!.Name.ShouldBe("scene.completed");
    }
}
