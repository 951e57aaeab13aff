using Lekhika.Core.Executions;
using Lekhika.Testing.Models;
using Lekhika.Worker.Ai.Providers;

namespace Lekhika.Worker.Tests.Providers;

/// <summary>What providers do wrong, over real sockets: the class says whether another try may help.</summary>
public sealed class FaultSpecs
{
    public static TheoryData<string, bool, int, string> Statuses
    {
        get
        {
            var statuses = new TheoryData<string, bool, int, string>();
            foreach (var row in new EachProtocol())
            {
                foreach (var (status, errorClass) in ((int, string)[])
                [
                    (307, ErrorClasses.Permanent), (400, ErrorClasses.Permanent), (401, ErrorClasses.Permanent), (403, ErrorClasses.Permanent), (404, ErrorClasses.Permanent),
                    (408, ErrorClasses.TimedOut), (409, ErrorClasses.Unavailable), (413, ErrorClasses.Permanent), (422, ErrorClasses.Permanent), (429, ErrorClasses.RateLimited),
                    (500, ErrorClasses.Unavailable), (502, ErrorClasses.Unavailable), (503, ErrorClasses.Unavailable), (529, ErrorClasses.Unavailable),
                ])
                {
                    statuses.Add((string)row[0], (bool)row[1], status, errorClass);
                }
            }

            return statuses;
        }
    }

    [Theory, MemberData(nameof(Statuses))]
    public async Task A_status_tells_whether_another_try_may_help_and_is_not_tried_again_here(string kind, bool isStreamed, int status, string errorClass)
    {
        await using var served = await ServedModel.StartAsync(kind, new CompletionAnswer("", Status: status));

        var fault = await served.FaultAsync(isStreamed);

        fault.ErrorClass.ShouldBe(errorClass);
        fault.RetryAfter.ShouldBeNull();
        served.Body.GetProperty("model").GetString().ShouldBe("quill-1");
    }

    [Theory, ClassData(typeof(EachProtocol))]
    public async Task A_wait_in_seconds_is_kept(string kind, bool isStreamed)
    {
        await using var served = await ServedModel.StartAsync(kind, new CompletionAnswer("", Status: 429) { RetryAfter = "17" });

        (await served.FaultAsync(isStreamed)).RetryAfter.ShouldBe(TimeSpan.FromSeconds(17));
    }

    [Theory, ClassData(typeof(EachProtocol))]
    public async Task A_wait_until_a_date_is_kept(string kind, bool isStreamed)
    {
        await using var served = await ServedModel.StartAsync(kind, new CompletionAnswer("", Status: 529) { RetryAfter = TimeProvider.System.GetUtcNow().AddHours(1).ToString("R") });

        (await served.FaultAsync(isStreamed)).RetryAfter.ShouldNotBeNull().TotalMinutes.ShouldBeInRange(50, 60);
    }

    [Theory]
    [InlineData("Tue, 15 Nov 1994 08:12:31 GMT", 0)]
    [InlineData("soon", null)]
    public async Task A_wait_that_has_passed_is_none_and_what_is_no_wait_is_left_out(string retryAfter, int? seconds)
    {
        await using var served = await ServedModel.StartAsync(ProviderKinds.Anthropic, new CompletionAnswer("", Status: 429) { RetryAfter = retryAfter });

        (await served.FaultAsync(isStreamed: true)).RetryAfter.ShouldBe(seconds is { } wait ? TimeSpan.FromSeconds(wait) : null);
    }

    [Theory]
    [InlineData("openai", 400, "content_filter", null)]
    [InlineData("openai", 400, "content_policy_violation", null)]
    [InlineData("openai", 400, "moderation_blocked", null)]
    [InlineData("openai", 403, "moderation", null)]
    [InlineData("google", 400, "content_filter", null)]
    [InlineData("anthropic", 400, null, "Output blocked by content filtering policy")]
    public async Task A_question_against_the_rules_is_refused(string kind, int status, string? code, string? message)
    {
        await using var served = await ServedModel.StartAsync(kind, new CompletionAnswer("", Status: status) { ErrorCode = code, Refusal = message });

        (await served.FaultAsync(isStreamed: true)).ErrorClass.ShouldBe(ErrorClasses.Refused);
    }

    [Theory]
    [InlineData("openai", 429, "insufficient_quota", null)]
    [InlineData("openrouter", 402, null, null)]
    [InlineData("anthropic", 402, "billing_error", null)]
    [InlineData("anthropic", 400, null, "Your credit balance is too low to access the API.")]
    public async Task An_account_with_nothing_left_to_pay_with_says_so_and_another_may_be_asked(string kind, int status, string? code, string? message)
    {
        await using var served = await ServedModel.StartAsync(kind, new CompletionAnswer("", Status: status) { ErrorCode = code, Refusal = message });

        var fault = await served.FaultAsync(isStreamed: true);

        fault.ErrorClass.ShouldBe(ErrorClasses.RateLimited);
        fault.Message.ShouldContain("nothing left to pay with");
    }

    [Theory]
    [InlineData("openai", false)]
    [InlineData("openai", true)]
    [InlineData("google", true)]
    public async Task The_words_of_a_refusal_are_a_refusal(string kind, bool isStreamed)
    {
        await using var served = await ServedModel.StartAsync(kind, new CompletionAnswer("") { Refusal = "I'm sorry. The server says sk-secret." });

        (await served.FaultAsync(isStreamed)).ErrorClass.ShouldBe(ErrorClasses.Refused);
    }

    [Theory, ClassData(typeof(EachProtocol))]
    public async Task A_server_that_hangs_is_left_when_the_caller_says_so(string kind, bool isStreamed)
    {
        var hangs = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var served = await ServedModel.StartAsync(kind, new CompletionAnswer("") { Fault = ServerFault.Hang, Stopped = hangs.SetResult });
        using var stop = new CancellationTokenSource();

        var asking = served.AskAsync(isStreamed, cancellationToken: stop.Token);
        await hangs.Task;
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => asking);
    }

    [Theory, ClassData(typeof(EachProtocol))]
    public async Task A_server_that_falls_silent_is_left_when_the_caller_says_so(string kind, bool isStreamed)
    {
        var hangs = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var served = await ServedModel.StartAsync(kind, new CompletionAnswer("") { Pieces = [new("One, "), new("two")], Fault = ServerFault.Stall, Stopped = hangs.SetResult });
        using var stop = new CancellationTokenSource();

        var asking = served.AskAsync(isStreamed, cancellationToken: stop.Token);
        await hangs.Task;
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => asking);
    }

    [Theory, ClassData(typeof(EachProtocol))]
    public async Task An_answer_whose_connection_breaks_may_be_asked_for_again(string kind, bool isStreamed)
    {
        await using var served = await ServedModel.StartAsync(kind, new CompletionAnswer(new string('a', 5_000)) { Fault = ServerFault.Cut });

        (await served.FaultAsync(isStreamed)).ErrorClass.ShouldBe(ErrorClasses.Unavailable);
    }

    [Theory, ClassData(typeof(EachProtocol))]
    public async Task Half_an_answer_that_ends_in_good_order_is_no_answer(string kind, bool isStreamed)
    {
        await using var served = await ServedModel.StartAsync(kind, new CompletionAnswer(new string('a', 5_000)) { Fault = ServerFault.EndEarly });

        (await served.FaultAsync(isStreamed)).ErrorClass.ShouldBe(ErrorClasses.Unavailable);
    }

    [Theory, ClassData(typeof(EachProtocol))]
    public async Task What_is_no_json_may_be_asked_for_again(string kind, bool isStreamed)
    {
        await using var served = await ServedModel.StartAsync(kind, new CompletionAnswer("") { Fault = ServerFault.WrongJson });

        (await served.FaultAsync(isStreamed)).ErrorClass.ShouldBe(ErrorClasses.Unavailable);
    }

    [Theory]
    [InlineData("openai", "server_error", ErrorClasses.Unavailable)]
    [InlineData("google", null, ErrorClasses.Unavailable)]
    [InlineData("anthropic", "overloaded_error", ErrorClasses.Unavailable)]
    [InlineData("anthropic", "api_error", ErrorClasses.Unavailable)]
    [InlineData("anthropic", "something_new", ErrorClasses.Unavailable)]
    [InlineData("anthropic", "rate_limit_error", ErrorClasses.RateLimited)]
    [InlineData("anthropic", "timeout_error", ErrorClasses.TimedOut)]
    [InlineData("anthropic", "authentication_error", ErrorClasses.Permanent)]
    public async Task An_error_inside_a_stream_has_its_class(string kind, string? code, string errorClass)
    {
        await using var served = await ServedModel.StartAsync(kind, new CompletionAnswer(new string('a', 5_000)) { Fault = ServerFault.ErrorInside, ErrorCode = code });

        (await served.FaultAsync(isStreamed: true)).ErrorClass.ShouldBe(errorClass);
    }

    [Theory]
    [InlineData("openai", "/v1/chat/completions")]
    [InlineData("anthropic", "/v1/messages")]
    public async Task A_redirect_does_not_take_the_question_and_the_key_elsewhere(string kind, string path)
    {
        await using var elsewhere = await ServedModel.StartAsync(kind, new CompletionAnswer("Once upon a time."));
        var location = new Uri(elsewhere.Account.BaseAddress!, path).AbsoluteUri;
        await using var served = await ServedModel.StartAsync(kind, new CompletionAnswer("", Status: 307) { Location = location });

        (await served.FaultAsync(isStreamed: true)).ErrorClass.ShouldBe(ErrorClasses.Permanent);
    }

    [Theory, ClassData(typeof(EachProtocol))]
    public async Task A_line_without_an_end_is_left(string kind, bool isStreamed)
    {
        await using var served = await ServedModel.StartAsync(kind, new CompletionAnswer("") { Fault = ServerFault.EndlessLine });

        (await served.FaultAsync(isStreamed)).ErrorClass.ShouldBe(ErrorClasses.InvalidAnswer);
    }

    [Theory, ClassData(typeof(EachProtocol))]
    public async Task A_server_that_is_gone_may_come_back(string kind, bool isStreamed)
    {
        var served = await ServedModel.StartAsync(kind, new CompletionAnswer(""));
        await served.DisposeAsync();

        (await served.FaultAsync(isStreamed)).ErrorClass.ShouldBe(ErrorClasses.Unavailable);
    }
}
