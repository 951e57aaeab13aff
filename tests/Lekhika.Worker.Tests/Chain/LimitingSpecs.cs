using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Lekhika.Core.Executions;
using Lekhika.Persistence.Runs;
using Lekhika.Persistence.Signals;
using Lekhika.Testing;
using Lekhika.Testing.Chat;
using Lekhika.Testing.Limits;
using Lekhika.Testing.Servers;
using Lekhika.Worker.Ai.Calls;
using Lekhika.Worker.Ai.Chain;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Nodes;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lekhika.Worker.Tests.Chain;

/// <summary>Calls of one model, held to its account's limits.</summary>
public sealed class LimitingSpecs : IAsyncLifetime
{
    private readonly List<LimitsConnection> _open = [];
    private readonly ScriptedChatClient _model = new();
    private TestRedis _redis = null!;

    public async Task InitializeAsync() => _redis = await TestRedis.CreateAsync();

    public Task DisposeAsync()
    {
        _open.ForEach(open => open.Dispose());
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Without_limits_nobody_is_asked()
    {
        _model.Say("Hello.", "Hello.");
        // A connection that would fail whoever used it.
        var limiters = new ModelLimiters(new SharedLimits(null!, new Microsoft.Extensions.Configuration.ConfigurationBuilder().Build(), TimeProvider.System), TimeProvider.System, NullLogger<ModelLimiters>.Instance);
        var client = _model.UseLimits(Account(new ProviderSettings()), "quill-1", limiters);

        (await client.GetStreamingResponseAsync("Tell.").ToChatResponseAsync()).Text.ShouldBe("Hello.");
        (await client.GetResponseAsync("Tell.")).Text.ShouldBe("Hello.");
    }

    [Fact]
    public async Task Calls_begin_in_the_order_in_which_they_came()
    {
        var finish = new TaskCompletionSource();
        _model.When().Once().HoldUntil(finish.Task);
        _model.When().Say("Hello.");
        var client = Client(new ProviderSettings { Concurrency = 1 });

        var calls = Enumerable.Range(1, 6).Select(number => ReadAsync(client, $"{number}")).ToList();
        await _model.ArrivedAsync(1);
        finish.SetResult();
        await Task.WhenAll(calls);

        _model.Requests.Select(request => request.Text.Trim()[^1..]).ShouldBe(["1", "2", "3", "4", "5", "6"]);
    }

    [Theory]
    [InlineData("ends")]
    [InlineData("fails")]
    [InlineData("is left early")]
    [InlineData("is cancelled")]
    public async Task A_call_counts_until_its_stream(string end)
    {
        var finish = new TaskCompletionSource();
        _model.When().Once().Stream(_ => ["Once ", "upon "]).HoldUntil(finish.Task, 1).Fail(_ => end == "fails" ? new IOException() : null!);
        _model.When().Say("Hello.");
        var client = Client(new ProviderSettings { Concurrency = 1 });
        using var cancel = new CancellationTokenSource();
        var heard = new TaskCompletionSource();
        var leave = new TaskCompletionSource();
        var first = Task.Run(async () =>
        {
            await foreach (var update in client.GetStreamingResponseAsync("Tell.", cancellationToken: cancel.Token))
            {
                heard.TrySetResult();
                if (end == "is left early")
                {
                    await leave.Task;
                    break;
                }
            }
        });
        await heard.Task;
        var second = ReadAsync(Client(new ProviderSettings { Concurrency = 1 }), "Next.");
        await Task.Delay(300);
        _model.Requests.Count.ShouldBe(1, "the first stream is still read, and another process sees its lease");

        leave.SetResult();
        await (end == "is cancelled" ? cancel.CancelAsync() : Task.CompletedTask);
        finish.TrySetResult();

        await second.WaitAsync(TimeSpan.FromSeconds(10));
        await first.ContinueWith(_ => { }, TaskScheduler.Default);
        first.IsCompletedSuccessfully.ShouldBe(end is "ends" or "is left early");
    }

    [Fact]
    public async Task A_long_call_keeps_its_place_beyond_its_leases_length()
    {
        var finish = new TaskCompletionSource();
        _model.When().Once().HoldUntil(finish.Task);
        _model.When().Say("Hello.");
        var lease = TimeSpan.FromSeconds(3);
        var first = ReadAsync(Client(new ProviderSettings { Concurrency = 1 }, lease: lease), "First.");
        await _model.ArrivedAsync(1);

        var second = ReadAsync(Client(new ProviderSettings { Concurrency = 1 }, lease: lease), "Second.");
        await Task.Delay(lease * 1.5);
        _model.Requests.Count.ShouldBe(1);

        finish.SetResult();
        await Task.WhenAll(first, second);
    }

    [Fact]
    public async Task With_an_alternative_a_long_wait_is_refused_at_once_and_says_how_long_it_is()
    {
        _model.When().Say("Hello.");
        var client = Client(new ProviderSettings { RequestsPerMinute = 1 });
        await ReadAsync(client, "First.", hasAlternative: true);

        var clock = Stopwatch.StartNew();
        var fault = await Should.ThrowAsync<StepFault>(ReadAsync(client, "Second.", hasAlternative: true));

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30), "there would be room in a minute");
        fault.ErrorClass.ShouldBe(ErrorClasses.RateLimited);
        fault.Message.ShouldBe("The limits that are set for the model 'quill-1' of the provider 'acme' are used up.");
        fault.RetryAfter.ShouldNotBeNull().ShouldBeInRange(TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(60));
        _model.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task With_an_alternative_a_place_is_waited_for_two_seconds_also_behind_others()
    {
        _model.When().HoldUntil(Task.Delay(Timeout.Infinite));
        var client = Client(new ProviderSettings { Concurrency = 1 });
        using var cancel = new CancellationTokenSource();
        var holding = ReadAsync(client, "First.", cancellationToken: cancel.Token);
        await _model.ArrivedAsync(1);
        var patient = ReadAsync(client, "Second.", cancellationToken: cancel.Token);

        var clock = Stopwatch.StartNew();
        (await Should.ThrowAsync<StepFault>(ReadAsync(client, "Third.", hasAlternative: true))).ErrorClass.ShouldBe(ErrorClasses.RateLimited);

        clock.Elapsed.ShouldBeInRange(TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(10));
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(Task.WhenAll(holding, patient));
        _model.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Without_an_alternative_a_call_waits_ten_minutes_and_no_longer()
    {
        var time = new SetTime();
        _model.When().HoldUntil(Task.Delay(Timeout.Infinite));
        var client = Client(new ProviderSettings { Concurrency = 1 }, time: time);
        using var cancel = new CancellationTokenSource();
        var holding = ReadAsync(client, "First.", cancellationToken: cancel.Token);
        await _model.ArrivedAsync(1);
        var waiting = ReadAsync(client, "Second.");

        time.Pass(TimeSpan.FromMinutes(9.9));
        await Task.Delay(100);
        waiting.IsCompleted.ShouldBeFalse();
        await Eventually.TrueAsync(
            () =>
            {
                time.Pass(TimeSpan.FromSeconds(3));
                return Task.FromResult(waiting.IsCompleted);
            },
            "the end of patience");

        (await Should.ThrowAsync<StepFault>(waiting)).ErrorClass.ShouldBe(ErrorClasses.RateLimited);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(holding);
    }

    [Fact]
    public async Task Tokens_are_estimated_from_the_messages_and_the_longest_answer_and_corrected_by_the_true_number()
    {
        LimitingChatClient.Estimate([new ChatMessage(ChatRole.User, new string('a', 300))], null).ShouldBe(100 + 2_048);
        LimitingChatClient.Estimate([new ChatMessage(ChatRole.User, new string('a', 300))], new ChatOptions { MaxOutputTokens = 1_000 }).ShouldBe(600);

        // Each is estimated at 2,048 tokens and uses a few: together they would never begin within the minute.
        _model.When().Say("Three little words.");
        var client = Client(new ProviderSettings { TokensPerMinute = 3_000 });
        for (var call = 0; call < 10; call++)
        {
            await ReadAsync(client, "Tell.", hasAlternative: true);
        }

        _model.Requests.Count.ShouldBe(10);
    }

    [Fact]
    public async Task Without_Redis_the_process_limits_itself_and_with_Redis_again_all_share_the_limit_again()
    {
        await using var redis = await BreakableRedis.StartAsync();
        var model = new CountingClient(_model);
        _model.When().Say("Hello.");
        var (log, otherLog) = (new WrittenLog(), new WrittenLog());
        var settings = new ProviderSettings { Concurrency = 2 };
        var one = Client(settings, redis: redis.ConnectionString, log: log, model: model);
        var other = Client(settings, redis: redis.ConnectionString, log: otherLog, model: model);

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
        _model.When().Times(2).HoldUntil(finish.Task);
        _model.When().Say("Hello.");
        var settings = new ProviderSettings { Concurrency = 2 };
        var other = Client(settings, redis: redis.ConnectionString);
        var holding = Task.WhenAll(ReadAsync(other, "First."), ReadAsync(other, "Second."));
        await _model.ArrivedAsync(2);

        var client = Client(settings, redis: redis.ConnectionString);
        _open[^1].Pause(TimeSpan.FromMilliseconds(500));
        var waiting = Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ReadAsync(client, "Tell.")));
        await Task.Delay(700);
        finish.SetResult();

        await Task.WhenAll(holding, waiting).WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Three_processes_together_keep_both_limits()
    {
        var window = TimeSpan.FromMilliseconds(700);
        var order = new LimitedCalls(_redis.ConnectionString, _redis.Prefix, 8) { Concurrency = 6, Requests = 30, WindowMs = (int)window.TotalMilliseconds, HoldMs = 40 };
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
        var order = new LimitedCalls(_redis.ConnectionString, _redis.Prefix, 3) { Concurrency = 3, LeaseMs = (int)lease.TotalMilliseconds, HoldMs = -1 };
        await using var holder = await LimitedCallerProcess.StartAsync(order);
        await holder.BeganAsync(3);
        _model.When().Say("Hello.");
        var waiting = ReadAsync(Client(new ProviderSettings { Concurrency = 3 }, "shared", lease: lease), "Tell.");

        await Task.Delay(lease * 1.5);
        waiting.IsCompleted.ShouldBeFalse("the process lives and renews");
        await holder.KillAsync();

        await waiting.WaitAsync(lease * 4);
    }

    private static ProviderAccount Account(ProviderSettings settings, string name = "acme") => new(Guid.Empty, name, ProviderKinds.OpenAi, null, null, settings);

    private static async Task ReadAsync(IChatClient client, string text, bool hasAlternative = false, CancellationToken cancellationToken = default)
    {
        var options = new ChatOptions().With(new ModelCall(default(RunLease), new StepKey("writer", 1, 1), "writer", "chapter", [], null!) { HasAlternative = hasAlternative });
        await foreach (var update in client.GetStreamingResponseAsync(text, options, cancellationToken))
        {
        }
    }

    /// <summary>A client as another process would have it: with a connection and limiters of its own.</summary>
    private IChatClient Client(ProviderSettings settings, string name = "acme", TimeSpan? lease = null, string? redis = null, TimeProvider? time = null, ILogger<ModelLimiters>? log = null, IChatClient? model = null)
    {
        var connection = new LimitsConnection(redis ?? _redis.ConnectionString, _redis.Prefix, lease: lease);
        var limiters = new ModelLimiters(connection.Limits, time ?? TimeProvider.System, log ?? NullLogger<ModelLimiters>.Instance);
        _open.Add(connection);
        return (model ?? _model).UseLimits(Account(settings, name), "quill-1", limiters);
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
