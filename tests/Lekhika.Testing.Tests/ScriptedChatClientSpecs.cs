using Lekhika.Testing.Chat;
using Microsoft.Extensions.AI;

namespace Lekhika.Testing.Tests;

public sealed class ScriptedChatClientSpecs
{
    private static readonly ChatMessage Question = new(ChatRole.User, "Which chapter?");

    [Fact]
    public async Task Answers_come_in_the_order_of_the_script_and_requests_are_kept()
    {
        using var model = new ScriptedChatClient().Say("one", "two");

        (await model.GetResponseAsync([Question])).Text.ShouldBe("one");
        (await model.GetResponseAsync([Question], new ChatOptions { Instructions = "Be brief." })).Text.ShouldBe("two");

        model.Requests.Select(request => request.Text).ShouldBe(["Which chapter?", "Be brief.\nWhich chapter?"]);
    }

    [Fact]
    public async Task A_request_nobody_thought_of_fails()
    {
        using var model = new ScriptedChatClient().Say("one");
        await model.GetResponseAsync([Question]);

        (await Should.ThrowAsync<InvalidOperationException>(() => model.GetResponseAsync([Question]))).Message.ShouldContain("Which chapter?");
    }

    [Fact]
    public async Task A_held_answer_waits_for_its_release_and_obeys_cancellation()
    {
        var release = new TaskCompletionSource();
        using var model = new ScriptedChatClient();
        model.When().HoldUntil(release.Task).Say("at last");
        using var stop = new CancellationTokenSource();

        var cancelled = model.GetResponseAsync([Question], cancellationToken: stop.Token);
        var patient = model.GetResponseAsync([Question]);
        await model.ArrivedAsync(2);
        patient.IsCompleted.ShouldBeFalse();
        await stop.CancelAsync();
        release.SetResult();

        await Should.ThrowAsync<OperationCanceledException>(() => cancelled);
        (await patient).Text.ShouldBe("at last");
    }

    [Fact]
    public async Task A_stream_can_break_in_the_middle()
    {
        using var model = new ScriptedChatClient();
        model.When().Stream(_ => ["It was ", "a dark "]).Fail(_ => new HttpRequestException("reset"));
        var heard = "";

        await Should.ThrowAsync<HttpRequestException>(async () =>
        {
            await foreach (var update in model.GetStreamingResponseAsync([Question]))
            {
                heard += update.Text;
            }
        });

        heard.ShouldBe("It was a dark ");
    }

    [Fact]
    public async Task Usage_is_one_token_a_word()
    {
        using var model = new ScriptedChatClient().Say("three little words");

        var usage = (await model.GetResponseAsync([Question])).Usage.ShouldNotBeNull();

        (usage.InputTokenCount, usage.OutputTokenCount).ShouldBe((2, 3));
    }
}
