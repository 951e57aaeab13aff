using Lekhika.Core.Executions;
using Lekhika.Persistence.Signals;
using Lekhika.Testing;
using Lekhika.Worker.Ai.Chain;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Nodes;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lekhika.Worker.Tests.Chain;

/// <summary>Calls of one model, held to its account's limits.</summary>
public sealed class LimitingSpecs : LimitedClients
{
    [Fact]
    public async Task Without_limits_nobody_is_asked()
    {
        Model.Say("Hello.", "Hello.");
        // A connection that would fail whoever used it.
        var limiters = new ModelLimiters(new SharedLimits(null!, new Microsoft.Extensions.Configuration.ConfigurationBuilder().Build(), TimeProvider.System), TimeProvider.System, NullLogger<ModelLimiters>.Instance);
        var client = Model.UseLimits(Account(new ProviderSettings()), "quill-1", limiters);

        (await client.GetStreamingResponseAsync("Tell.").ToChatResponseAsync()).Text.ShouldBe("Hello.");
        (await client.GetResponseAsync("Tell.")).Text.ShouldBe("Hello.");
    }

    [Fact]
    public async Task Calls_begin_in_the_order_in_which_they_came()
    {
        var finish = new TaskCompletionSource();
        Model.When().Once().HoldUntil(finish.Task);
        Model.When().Say("Hello.");
        var client = Client(new ProviderSettings { Concurrency = 1 });

        var calls = Enumerable.Range(1, 6).Select(number => ReadAsync(client, $"{number}")).ToList();
        await Model.ArrivedAsync(1);
        finish.SetResult();
        await Task.WhenAll(calls);

        Model.Requests.Select(request => request.Text.Trim()[^1..]).ShouldBe(["1", "2", "3", "4", "5", "6"]);
    }

    [Theory]
    [InlineData("ends")]
    [InlineData("fails")]
    [InlineData("is left early")]
    [InlineData("is cancelled")]
    public async Task A_call_counts_until_its_stream(string end)
    {
        var finish = new TaskCompletionSource();
        Model.When().Once().Stream(_ => ["Once ", "upon "]).HoldUntil(finish.Task, 1).Fail(_ => end == "fails" ? new IOException() : null!);
        Model.When().Say("Hello.");
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
        (await Connect().Limits.TryTakeAsync("acme:quill-1", new ModelLimits(1, null, null), 0, default)).ShouldBeOfType<LimitAnswer.Wait>("the first stream is still read, and another process sees its lease");
        var second = ReadAsync(Client(new ProviderSettings { Concurrency = 1 }), "Next.");

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
        Model.When().Once().HoldUntil(finish.Task);
        Model.When().Say("Hello.");
        var lease = TimeSpan.FromSeconds(3);
        var first = ReadAsync(Client(new ProviderSettings { Concurrency = 1 }, lease: lease), "First.");
        await Model.ArrivedAsync(1);

        var second = ReadAsync(Client(new ProviderSettings { Concurrency = 1 }, lease: lease), "Second.");
        await Task.Delay(lease * 1.5);
        Model.Requests.Count.ShouldBe(1);

        finish.SetResult();
        await Task.WhenAll(first, second);
    }

    [Fact]
    public async Task With_an_alternative_a_long_wait_is_refused_at_once_and_says_how_long_it_is()
    {
        Model.When().Say("Hello.");
        // A clock that stands still: only what is refused at once is refused at all.
        var client = Client(new ProviderSettings { RequestsPerMinute = 1 }, time: new SetTime());
        await ReadAsync(client, "First.", hasAlternative: true);

        var fault = await Should.ThrowAsync<StepFault>(ReadAsync(client, "Second.", hasAlternative: true));

        fault.ErrorClass.ShouldBe(ErrorClasses.RateLimited);
        fault.Message.ShouldBe("The limits that are set for the model 'quill-1' of the provider 'acme' are used up.");
        fault.RetryAfter.ShouldNotBeNull().ShouldBeInRange(TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(60));
        Model.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task With_an_alternative_a_place_is_waited_for_two_seconds_also_behind_others()
    {
        Model.When().HoldUntil(Task.Delay(Timeout.Infinite));
        var time = new SetTime();
        var client = Client(new ProviderSettings { Concurrency = 1 }, time: time);
        using var cancel = new CancellationTokenSource();
        var holding = ReadAsync(client, "First.", cancellationToken: cancel.Token);
        await Model.ArrivedAsync(1);
        var patient = ReadAsync(client, "Second.", cancellationToken: cancel.Token);

        var began = time.GetTimestamp();
        var third = ReadAsync(client, "Third.", hasAlternative: true);
        await Eventually.TrueAsync(
            () =>
            {
                time.Pass(third.IsCompleted ? TimeSpan.Zero : TimeSpan.FromMilliseconds(100));
                return Task.FromResult(third.IsCompleted);
            },
            "the end of patience");
        (await Should.ThrowAsync<StepFault>(third)).ErrorClass.ShouldBe(ErrorClasses.RateLimited);

        time.GetElapsedTime(began).ShouldBeInRange(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10));
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(Task.WhenAll(holding, patient));
        Model.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Without_an_alternative_a_call_waits_ten_minutes_and_no_longer()
    {
        var time = new SetTime();
        Model.When().HoldUntil(Task.Delay(Timeout.Infinite));
        var client = Client(new ProviderSettings { Concurrency = 1 }, time: time);
        using var cancel = new CancellationTokenSource();
        var holding = ReadAsync(client, "First.", cancellationToken: cancel.Token);
        await Model.ArrivedAsync(1);
        var waiting = ReadAsync(client, "Second.");

        var began = time.GetTimestamp();
        await Eventually.TrueAsync(
            () =>
            {
                time.Pass(waiting.IsCompleted ? TimeSpan.Zero : TimeSpan.FromSeconds(5));
                return Task.FromResult(waiting.IsCompleted);
            },
            "the end of patience");
        // Whoever looks notices the end a few steps late.
        time.GetElapsedTime(began).ShouldBeInRange(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(14));

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
        Model.When().Say("Three little words.");
        var client = Client(new ProviderSettings { TokensPerMinute = 3_000 });
        for (var call = 0; call < 10; call++)
        {
            await ReadAsync(client, "Tell.", hasAlternative: true);
        }

        Model.Requests.Count.ShouldBe(10);
    }
}
