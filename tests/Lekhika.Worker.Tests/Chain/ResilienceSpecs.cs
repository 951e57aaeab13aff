using Lekhika.Core.Executions;
using Lekhika.Testing;
using Lekhika.Testing.Chat;
using Lekhika.Worker.Ai.Chain;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Nodes;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Tests.Chain;

/// <summary>What becomes of calls that go wrong, and of a provider that is out.</summary>
public sealed class ResilienceSpecs
{
    private static readonly TimeSpan Break = TimeSpan.FromSeconds(30);
    private static readonly ProviderAccount Account = new(Guid.NewGuid(), "acme", ProviderKinds.OpenAi, null, null, new ProviderSettings());

    private readonly SetTime _time = new();
    private readonly ScriptedChatClient _model = new();
    private readonly ProviderBreakers _breakers;
    private readonly IChatClient _client;

    public ResilienceSpecs()
    {
        _breakers = new ProviderBreakers(_time);
        _client = _model.UseResilience(Account, _breakers, _time);
    }

    public static TheoryData<Exception, string, string> Errors => new()
    {
        { new HttpRequestException("no route"), ErrorClasses.Unavailable, "The model of the provider 'acme' could not be reached, or did not answer in time." },
        { new IOException("torn"), ErrorClasses.Unavailable, "The model of the provider 'acme' could not be reached, or did not answer in time." },
        { new TimeoutException(), ErrorClasses.TimedOut, "The model of the provider 'acme' did not answer in time." },
        { new TaskCanceledException("the client's own limit"), ErrorClasses.TimedOut, "The model of the provider 'acme' did not answer in time." },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task Whatever_a_client_throws_has_a_class_and_a_sentence_and_is_not_asked_again(Exception thrown, string errorClass, string message)
    {
        _model.When().Fail(_ => thrown);

        foreach (var ask in new Func<Task>[] { () => ReadAsync(), () => _client.GetResponseAsync("Tell.") })
        {
            var fault = await Should.ThrowAsync<StepFault>(ask());
            (fault.ErrorClass, fault.Message, fault.InnerException).ShouldBe((errorClass, message, thrown));
        }

        _model.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_fault_that_has_its_class_already_is_handed_on_as_it_is()
    {
        var known = new StepFault(ErrorClasses.RateLimited, "Too many.") { RetryAfter = TimeSpan.FromSeconds(7) };
        _model.When().Fail(_ => known);

        (await Should.ThrowAsync<StepFault>(ReadAsync())).ShouldBeSameAs(known);
    }

    [Theory]
    [InlineData(0, 0, 5)]
    [InlineData(1, 0, 5)]
    [InlineData(3, 1, 3)]
    public async Task Three_minutes_of_silence_end_a_stream_and_five_one_whose_model_still_thinks_before_its_first_word(int pieces, int words, int minutes)
    {
        // What comes first says who answers, and has no word yet.
        _model.When().Stream(_ => ["", "", "two ", "three."]).HoldUntil(Task.Delay(Timeout.Infinite), pieces);
        var heard = new List<string>();
        var reading = ReadAsync(heard.Add);
        await Eventually.TrueAsync(() => Task.FromResult(_model.Requests.Count == 1 && heard.Count == words), "the silence");

        _time.Pass(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
        reading.IsCompleted.ShouldBeFalse();
        _time.Pass(TimeSpan.FromSeconds(1));

        (await Should.ThrowAsync<StepFault>(reading)).ErrorClass.ShouldBe(ErrorClasses.TimedOut);
    }

    [Fact]
    public async Task A_stream_that_never_ends_is_ended_after_half_an_hour()
    {
        // Two minutes before each piece: never silent for long.
        _model.When().Stream(_ => Enumerable.Range(0, 100).Select(_ =>
        {
            _time.Pass(TimeSpan.FromMinutes(2));
            return "more ";
        }));
        var heard = 0;

        (await Should.ThrowAsync<StepFault>(ReadAsync(_ => heard++))).ErrorClass.ShouldBe(ErrorClasses.TimedOut);
        heard.ShouldBe(14);
    }

    [Fact]
    public async Task A_caller_who_takes_his_time_makes_no_silence()
    {
        _model.When().Stream(_ => ["One ", "two ", "three."]);
        var heard = 0;

        await ReadAsync(_ =>
        {
            heard++;
            _time.Pass(TimeSpan.FromMinutes(5));
        });

        heard.ShouldBe(3);
    }

    [Fact]
    public async Task The_callers_own_cancellation_is_no_fault()
    {
        _model.When().HoldUntil(Task.Delay(Timeout.Infinite));
        using var cancel = new CancellationTokenSource();
        var reading = ReadAsync(cancellationToken: cancel.Token);
        await _model.ArrivedAsync(1);
        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(reading);
    }

    [Fact]
    public async Task A_provider_that_fails_is_asked_no_more_by_any_of_its_models_and_others_are()
    {
        _model.When().Times(10).Fail(_ => new HttpRequestException());
        _model.When().Say("Hello.");
        await FailAsync(10);

        var fault = await Should.ThrowAsync<StepFault>(ReadAsync(client: _model.UseResilience(Account with { Name = "renamed" }, _breakers, _time)));
        fault.ErrorClass.ShouldBe(ErrorClasses.Unavailable);
        fault.Message.ShouldStartWith("The provider 'renamed' is out");
        fault.RetryAfter.ShouldBe(Break);
        _model.Requests.Count.ShouldBe(10);
        await ReadAsync(client: _model.UseResilience(Account with { Id = Guid.NewGuid() }, _breakers, _time));
    }

    [Fact]
    public async Task After_the_break_one_call_finds_out_and_its_first_piece_lets_all_others_in()
    {
        var (answer, heard, readOn) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        _model.When().Times(10).Fail(_ => new HttpRequestException());
        _model.When().Once().Stream(_ => ["I am ", "back."]).HoldUntil(answer.Task);
        _model.When().Say("Hello.");
        await FailAsync(10);
        _time.Pass(Break);

        var probe = Task.Run(async () =>
        {
            await foreach (var update in _client.GetStreamingResponseAsync("Tell."))
            {
                heard.TrySetResult();
                await readOn.Task;
            }
        });
        await _model.ArrivedAsync(11);
        (await Should.ThrowAsync<StepFault>(ReadAsync())).RetryAfter.ShouldBe(TimeSpan.FromSeconds(5));
        _model.Requests.Count.ShouldBe(11);

        answer.SetResult();
        await heard.Task;
        await ReadAsync();
        readOn.SetResult();
        await probe;
    }

    [Fact]
    public async Task A_provider_that_is_still_out_after_the_break_is_left_alone_for_another()
    {
        _model.When().Times(11).Fail(_ => new HttpRequestException());
        _model.When().Say("Hello.");
        await FailAsync(10);
        _time.Pass(Break);
        await FailAsync(1);

        (await Should.ThrowAsync<StepFault>(ReadAsync())).RetryAfter.ShouldBe(Break);
        _model.Requests.Count.ShouldBe(11);
    }

    [Theory]
    [InlineData(ErrorClasses.RateLimited)]
    [InlineData(ErrorClasses.Refused)]
    [InlineData(ErrorClasses.Permanent)]
    public async Task Limits_refusals_and_bad_requests_are_no_sign_that_a_provider_is_out(string errorClass)
    {
        _model.When().Fail(_ => new StepFault(errorClass, "No."));
        await FailAsync(30);

        _model.Requests.Count.ShouldBe(30);
    }

    [Fact]
    public async Task A_stream_that_breaks_in_the_middle_is_thrown_on_and_counts()
    {
        _model.When().Stream(_ => ["Once ", "upon "]).Fail(_ => new IOException());
        var heard = new List<string>();

        (await Should.ThrowAsync<StepFault>(ReadAsync(heard.Add))).ErrorClass.ShouldBe(ErrorClasses.Unavailable);
        heard.ShouldBe(["Once ", "upon "]);
        await FailAsync(9);

        await Should.ThrowAsync<StepFault>(ReadAsync());
        _model.Requests.Count.ShouldBe(10, "the eleventh was not asked");
    }

    [Fact]
    public async Task A_stream_that_nobody_reads_to_its_end_is_no_failure_and_no_success()
    {
        _model.When().Times(20).Stream(_ => ["Once ", "upon "]);
        _model.When().Fail(_ => new IOException());
        for (var call = 0; call < 20; call++)
        {
            await foreach (var update in _client.GetStreamingResponseAsync("Tell."))
            {
                break;
            }
        }

        await FailAsync(10);
        await Should.ThrowAsync<StepFault>(ReadAsync());
        _model.Requests.Count.ShouldBe(30, "ten of ten counted calls failed");
    }

    [Fact]
    public async Task A_call_that_should_find_out_and_is_given_up_leaves_it_to_one_after_the_next_break()
    {
        _model.When().Times(10).Fail(_ => new HttpRequestException());
        _model.When().Once().HoldUntil(Task.Delay(Timeout.Infinite));
        _model.When().Say("Hello.");
        await FailAsync(10);
        _time.Pass(Break);
        using var cancel = new CancellationTokenSource();
        var probe = ReadAsync(cancellationToken: cancel.Token);
        await _model.ArrivedAsync(11);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(probe);

        (await Should.ThrowAsync<StepFault>(ReadAsync())).RetryAfter.ShouldBe(Break);
        _time.Pass(Break);
        await ReadAsync();
    }

    private async Task FailAsync(int calls)
    {
        for (var call = 0; call < calls; call++)
        {
            await Should.ThrowAsync<StepFault>(ReadAsync());
        }
    }

    private async Task ReadAsync(Action<string>? onPiece = null, IChatClient? client = null, CancellationToken cancellationToken = default)
    {
        await foreach (var update in (client ?? _client).GetStreamingResponseAsync("Tell.", cancellationToken: cancellationToken))
        {
            if (update.Text.Length > 0)
            {
                onPiece?.Invoke(update.Text);
            }
        }
    }
}
