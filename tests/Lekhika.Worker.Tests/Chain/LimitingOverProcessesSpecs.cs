using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Lekhika.Testing;
using Lekhika.Testing.Limits;
using Lekhika.Testing.Servers;
using Lekhika.Worker.Ai.Chain;
using Lekhika.Worker.Ai.Providers;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Lekhika.Worker.Tests.Chain;

/// <summary>Limits that hold over processes: several of them, killed ones, and Redis that is away or slow.</summary>
public sealed class LimitingOverProcessesSpecs : LimitedClients
{
    [Fact]
    public async Task Without_Redis_the_process_limits_itself_and_with_Redis_again_all_share_the_limit_again()
    {
        await using var redis = await BreakableRedis.StartAsync();
        var model = new CountingClient(Model);
        Model.When().Say("Hello.");
        var (log, otherLog) = (new WrittenLog(), new WrittenLog());
        var settings = new ProviderSettings { Concurrency = 2 };
        var one = Client(Connect(redis: redis.ConnectionString), settings, log: log, model: model);
        var other = Client(Connect(redis: redis.ConnectionString), settings, log: otherLog, model: model);

        await redis.KillAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ReadAsync(one, "Tell.")));
        await ReadAsync(other, "Tell.");
        model.Most.ShouldBe(2);
        log.Lines.ShouldHaveSingleItem().ShouldStartWith("Redis does not answer");

        await redis.StartAgainAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                await Task.WhenAll(ReadAsync(one, "Tell."), ReadAsync(other, "Tell."));
                return log.Lines.Count == 2 && otherLog.Lines.Count == 2;
            },
            "Redis seen again by both");
        model.Most = 0;
        await Task.WhenAll(Enumerable.Range(0, 12).Select(call => ReadAsync(call % 2 == 0 ? one : other, "Tell.")));
        model.Most.ShouldBe(2);
        log.Lines.Last().ShouldStartWith("Redis answers again");
    }

    [Fact]
    public async Task Whoever_waits_behind_calls_that_Redis_then_refuses_does_not_wait_for_their_end()
    {
        await using var redis = await BreakableRedis.StartAsync();
        var finish = new TaskCompletionSource();
        Model.When().Times(2).HoldUntil(finish.Task);
        Model.When().Say("Hello.");
        var settings = new ProviderSettings { Concurrency = 2 };
        var other = Client(Connect(redis: redis.ConnectionString), settings);
        var holding = Task.WhenAll(ReadAsync(other, "First."), ReadAsync(other, "Second."));
        await Model.ArrivedAsync(2);

        var connection = Connect(redis: redis.ConnectionString);
        var client = Client(connection, settings);
        connection.Pause(TimeSpan.FromMilliseconds(500));
        var waiting = Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ReadAsync(client, "Tell.")));
        // One connection is answered in its order: what was asked before this has been refused.
        await connection.AnsweredAsync();
        finish.SetResult();

        await Task.WhenAll(holding, waiting).WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Three_processes_together_keep_both_limits()
    {
        var window = TimeSpan.FromMilliseconds(700);
        var order = new LimitedCalls(Redis.ConnectionString, Redis.Prefix, 8) { Concurrency = 6, Requests = 30, WindowMs = (int)window.TotalMilliseconds, HoldMs = 40 };
        await using var first = await LimitedCallerProcess.StartAsync(order);
        await using var second = await LimitedCallerProcess.StartAsync(order);
        await using var third = await LimitedCallerProcess.StartAsync(order);

        await Task.WhenAll(first.BeganAsync(10), second.BeganAsync(10), third.BeganAsync(10));
        await Task.WhenAll(first.BeganAsync(40), second.BeganAsync(40), third.BeganAsync(40));
        List<LimitedCall> calls = [.. first.Calls, .. second.Calls, .. third.Calls];

        calls.MostInAnyWindow(window).ShouldBe(30);
        calls.Where(call => call.Until is not null).MostAtOnce().ShouldBeInRange(5, 6);
    }

    [Fact]
    public async Task The_places_of_a_killed_process_are_free_when_its_leases_have_run_out_and_not_before()
    {
        var lease = TimeSpan.FromSeconds(3);
        var order = new LimitedCalls(Redis.ConnectionString, Redis.Prefix, 3) { Concurrency = 3, LeaseMs = (int)lease.TotalMilliseconds, HoldMs = -1 };
        await using var holder = await LimitedCallerProcess.StartAsync(order);
        await holder.BeganAsync(3);
        Model.When().Say("Hello.");
        var waiting = ReadAsync(Client(new ProviderSettings { Concurrency = 3 }, "shared", lease: lease), "Tell.");

        await Task.Delay(lease * 1.5);
        waiting.IsCompleted.ShouldBeFalse("the process lives and renews");
        await holder.KillAsync();

        await waiting.WaitAsync(lease * 4);
    }

    /// <summary>Takes its time, and knows how many calls there were at once.</summary>
    private sealed class CountingClient(IChatClient inner) : DelegatingChatClient(inner)
    {
        private readonly Lock _gate = new();
        private int _running;

        public int Most { get; set; }

        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            lock (_gate)
            {
                Most = Math.Max(Most, ++_running);
            }

            await Task.Delay(30, cancellationToken);
            await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
            {
                yield return update;
            }

            lock (_gate)
            {
                _running--;
            }
        }
    }

    private sealed class WrittenLog : ILogger<ModelLimiters>
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception));
    }
}
