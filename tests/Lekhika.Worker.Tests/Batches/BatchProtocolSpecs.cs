using Lekhika.Core.Executions;
using Lekhika.Persistence.Batches;
using Lekhika.Testing.Models;
using Lekhika.Testing.Models.Batches;
using Lekhika.Worker.Ai.Batches;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Nodes;
using Lekhika.Worker.Prompts;
using Lekhika.Worker.Tests.Providers;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Tests.Batches;

/// <summary>The two batch protocols over real sockets.</summary>
public sealed class BatchProtocolSpecs
{
    private const string Secret = "sk-of-mine";

    private static readonly string[] Kinds = [ProviderKinds.OpenAi, ProviderKinds.Anthropic];

    public static TheoryData<string> Protocols => [.. Kinds];

    [Theory, MemberData(nameof(Protocols))]
    public async Task Answers_come_in_any_order_with_what_they_used_and_why_they_ended(string kind)
    {
        await using var served = await Served.StartAsync(kind, text => text switch
        {
            "one" => new CompletionAnswer("First.") { Usage = new AnswerUsage(100, 20, Cached: 60, CacheWritten: kind == ProviderKinds.Anthropic ? 10 : 0, Reasoning: 5) },
            "two" => new CompletionAnswer("Cut he", "length"),
            "three" => new CompletionAnswer("", "content_filter"),
            "four" => new CompletionAnswer("", Status: 400),
            _ => new CompletionAnswer("", Status: 500),
        });
        var batch = await served.BatchAsync("one", "two", "three", "four", "five");
        var id = await served.Protocol.MakeAsync(served.Account, batch, default);

        var lines = await served.LinesAsync(id);

        var byCall = lines.ToDictionary(line => line.CallId);
        lines.Select(line => line.CallId).ShouldNotBe(batch.Calls.Select(call => call.Id), "they come in another order");
        var first = byCall[batch.Calls[0].Id].Answer.ShouldNotBeNull();
        (first.Text, first.FinishReason, first.Model).ShouldBe(("First.", "stop", "quill-1"));
        (first.Tokens.Input, first.Tokens.Output, first.Tokens.CachedInput, first.Tokens.Reasoning).ShouldBe((100L, 20L, 60L, 5L));
        first.Tokens.CacheWrite.ShouldBe(kind == ProviderKinds.Anthropic ? 10 : 0);
        byCall[batch.Calls[1].Id].Answer.ShouldNotBeNull().FinishReason.ShouldBe("length");
        batch.Calls.Skip(2).Select(call => byCall[call.Id].ErrorClass).ShouldBe([ErrorClasses.Refused, ErrorClasses.Permanent, ErrorClasses.Unavailable]);
        batch.Calls.Skip(2).ShouldAllBe(call => byCall[call.Id].Answer == null);
    }

    [Fact]
    public async Task An_answer_of_Anthropic_s_that_filled_the_model_s_window_was_cut()
    {
        await using var served = await Served.StartAsync(ProviderKinds.Anthropic, _ => new CompletionAnswer("Cut he", "model_context_window_exceeded"));
        var id = await served.Protocol.MakeAsync(served.Account, await served.BatchAsync("one"), default);

        (await served.LinesAsync(id)).ShouldHaveSingleItem().Answer.ShouldNotBeNull().FinishReason.ShouldBe("length");
    }

    [Theory, MemberData(nameof(Protocols))]
    public async Task A_line_is_the_request_of_the_provider_s_own_client_without_its_streaming(string kind)
    {
        await using var served = await Served.StartAsync(kind, _ => new CompletionAnswer("Yes."));
        var shared = new TextContent("Shared.") { AdditionalProperties = new() { [ModelTask.CacheMark] = true } };
        List<ChatMessage> messages = [new(ChatRole.System, "You are a “writer”."), new(ChatRole.User, [shared, new TextContent("Write.")])];
        var options = new ChatOptions { MaxOutputTokens = 123, Seed = 7, ResponseFormat = ChatResponseFormat.Text };

        var request = System.Text.Json.JsonElement.Parse(await BatchRequest.OfAsync(served.Account, "quill-1", messages, options, default));
        using (var client = ProviderClients.Chat(served.Account, "quill-1"))
        {
            await client.GetStreamingResponseAsync(messages, options).ToChatResponseAsync();
        }

        var sent = served.Asked.ShouldHaveSingleItem();
        sent.EnumerateObject().Select(part => part.Name).Except(request.EnumerateObject().Select(part => part.Name)).ShouldBeSubsetOf(["stream", "stream_options"]);
        request.EnumerateObject().ShouldAllBe(part => System.Text.Json.JsonElement.DeepEquals(part.Value, sent.GetProperty(part.Name)));
        request.TryGetProperty("stream", out _).ShouldBeFalse();
        request.GetRawText().ShouldContain("“writer”");
        request.GetRawText().Contains("cache_control", StringComparison.Ordinal).ShouldBe(kind == ProviderKinds.Anthropic);
    }

    [Theory, MemberData(nameof(Protocols))]
    public async Task A_batch_is_open_until_it_is_answered_and_a_cancelled_one_has_what_was_answered_by_then(string kind)
    {
        await using var served = await Served.StartAsync(kind, text => new CompletionAnswer(text));
        (served.Batches.AreHeld, served.Batches.Partial) = (true, 1);
        var batch = await served.BatchAsync("one", "two");
        var id = await served.Protocol.MakeAsync(served.Account, batch, default);
        (await served.Protocol.LookAsync(served.Account, id, default)).HasEnded.ShouldBeFalse();

        await served.Protocol.CancelAsync(served.Account, id, default);

        var lines = await served.LinesAsync(id);
        lines.Single(line => line.CallId == batch.Calls[0].Id).Answer.ShouldNotBeNull().Text.ShouldBe("one");
        lines.Single(line => line.CallId == batch.Calls[1].Id).Answer.ShouldBeNull();
    }

    [Theory, MemberData(nameof(Protocols))]
    public async Task An_expired_call_is_one_that_timed_out(string kind)
    {
        await using var served = await Served.StartAsync(kind, text => new CompletionAnswer(text));
        served.Batches.Expire = true;
        var id = await served.Protocol.MakeAsync(served.Account, await served.BatchAsync("one"), default);

        (await served.LinesAsync(id)).ShouldHaveSingleItem().ErrorClass.ShouldBe(ErrorClasses.TimedOut);
    }

    [Theory, MemberData(nameof(Protocols))]
    public async Task A_batch_whose_making_nobody_saw_the_end_of_is_found_among_others_also_on_later_pages(string kind)
    {
        await using var served = await Served.StartAsync(kind, text => new CompletionAnswer(text));
        var batch = await served.BatchAsync("one", "two");
        served.Batches.Making = number => number == 4 ? BatchMaking.FailAfter : BatchMaking.Well;
        for (var other = 0; other < 3; other++)
        {
            await served.Protocol.MakeAsync(served.Account, await served.BatchAsync("one", "two"), default);
        }

        (await served.Protocol.FindAsync(served.Account, batch, default)).ShouldBe(new BatchSearch(null, false));
        await Should.ThrowAsync<StepFault>(() => served.Protocol.MakeAsync(served.Account, batch, default));
        for (var other = 0; other < 5; other++)
        {
            await served.Protocol.MakeAsync(served.Account, await served.BatchAsync("one", "two"), default);
        }

        (await served.Protocol.FindAsync(served.Account, batch, default)).ShouldBe(new BatchSearch("batch_4", false));
    }

    [Fact]
    public async Task At_Anthropic_one_that_has_not_ended_leaves_it_unclear_unless_it_cannot_be_ours()
    {
        await using var served = await Served.StartAsync(ProviderKinds.Anthropic, text => new CompletionAnswer(text));
        served.Batches.AreHeld = true;
        var batch = await served.BatchAsync("one", "two");
        await served.Protocol.MakeAsync(served.Account, await served.BatchAsync("one", "two", "three"), default);
        (await served.Protocol.FindAsync(served.Account, batch, default)).IsUnclear.ShouldBeFalse("it has more calls than ours");

        await served.Protocol.MakeAsync(served.Account, await served.BatchAsync("one", "two"), default);
        (await served.Protocol.FindAsync(served.Account, batch, default)).IsUnclear.ShouldBeTrue();
        (await served.Protocol.FindAsync(served.Account, batch with { TriedAt = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1) }, default)).IsUnclear.ShouldBeFalse("it is older than ours");
    }

    [Theory, MemberData(nameof(Protocols))]
    public async Task What_the_provider_holds_of_our_texts_is_removed(string kind)
    {
        await using var served = await Served.StartAsync(kind, text => new CompletionAnswer(text));
        var id = await served.Protocol.MakeAsync(served.Account, await served.BatchAsync("one"), default);
        var look = await served.Protocol.LookAsync(served.Account, id, default);

        await served.Protocol.RemoveAsync(served.Account, look, default);

        served.HoldsTexts.ShouldBeFalse();
    }

    [Theory]
    [InlineData("openai", BatchMaking.Refuse, ErrorClasses.Permanent)]
    [InlineData("openai", BatchMaking.Busy, ErrorClasses.RateLimited)]
    [InlineData("openai", BatchMaking.FailBefore, ErrorClasses.Unavailable)]
    [InlineData("anthropic", BatchMaking.Refuse, ErrorClasses.Permanent)]
    [InlineData("anthropic", BatchMaking.Busy, ErrorClasses.RateLimited)]
    [InlineData("anthropic", BatchMaking.FailBefore, ErrorClasses.Unavailable)]
    public async Task A_refusal_has_its_class_and_nothing_that_the_server_has_said(string kind, BatchMaking making, string errorClass)
    {
        await using var served = await Served.StartAsync(kind, text => new CompletionAnswer(text));
        served.Batches.Making = _ => making;
        var batch = await served.BatchAsync("one");

        var fault = await Should.ThrowAsync<StepFault>(() => served.Protocol.MakeAsync(served.Account, batch, default));

        fault.ErrorClass.ShouldBe(errorClass);
        fault.ToString().ShouldNotContain("sk-");
    }

    [Theory, MemberData(nameof(Protocols))]
    public async Task An_address_where_nobody_is_is_unavailable(string kind)
    {
        await using var served = await Served.StartAsync(kind, text => new CompletionAnswer(text));
        var batch = await served.BatchAsync("one");
        var nowhere = served.Account with { BaseAddress = new Uri("http://127.0.0.1:1/v1") };

        (await Should.ThrowAsync<StepFault>(() => served.Protocol.MakeAsync(nowhere, batch, default))).ErrorClass.ShouldBe(ErrorClasses.Unavailable);
        (await Should.ThrowAsync<StepFault>(() => served.Protocol.LookAsync(nowhere, "batch_1", default))).ErrorClass.ShouldBe(ErrorClasses.Unavailable);
    }

    [Fact]
    public async Task A_caller_who_leaves_hears_of_a_cancellation_and_of_no_fault()
    {
        await using var served = await Served.StartAsync(ProviderKinds.OpenAi, text => new CompletionAnswer(text));
        served.Batches.Making = _ => BatchMaking.HangAfter;
        using var leave = new CancellationTokenSource();
        var making = served.Protocol.MakeAsync(served.Account, await served.BatchAsync("one"), leave.Token);
        await Testing.Eventually.TrueAsync(() => Task.FromResult(served.Batches.All.Count == 1), "the server has it");

        await leave.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => making);
    }

    /// <summary>A server, the account that leads to it, and its protocol.</summary>
    private sealed class Served : IAsyncDisposable
    {
        private readonly IAsyncDisposable _server;
        private readonly Func<bool> _holds;
        private readonly Func<IReadOnlyList<System.Text.Json.JsonElement>> _asked;

        private Served(IAsyncDisposable server, ServedBatches batches, string kind, string address, Func<bool> holds, Func<IReadOnlyList<System.Text.Json.JsonElement>> asked)
        {
            (_server, _holds, _asked, Batches) = (server, holds, asked, batches);
            Account = ServedModel.Of(kind, address, new ProviderSettings { Batches = true }, Secret);
            Protocol = BatchProtocols.For(kind)!;
        }

        public ServedBatches Batches { get; }

        public ProviderAccount Account { get; }

        public IBatchProtocol Protocol { get; }

        public bool HoldsTexts => _holds();

        /// <summary>The bodies of normal calls.</summary>
        public IReadOnlyList<System.Text.Json.JsonElement> Asked => _asked();

        /// <param name="answer">What is answered to a user's text.</param>
        public static async Task<Served> StartAsync(string kind, Func<string, CompletionAnswer> answer)
        {
            if (kind == ProviderKinds.Anthropic)
            {
                var anthropic = await AnthropicServer.StartAsync(request => answer(User(request.Body)));
                return new(anthropic, anthropic.Batches, kind, anthropic.BaseUrl, () => anthropic.Batches.All.Any(batch => !batch.IsRemoved), () => [.. anthropic.Requests.Select(request => request.Body)]);
            }

            var openAi = await ChatCompletionsServer.StartAsync(request => answer(User(request.Body)));
            return new(openAi, openAi.Batches, kind, openAi.BaseUrl, () => openAi.Files > 0, () => [.. openAi.Requests.Select(request => request.Body)]);
        }

        /// <summary>A batch of calls with these texts, whose making has just been tried.</summary>
        public async Task<StoredBatch> BatchAsync(params string[] texts)
        {
            var calls = new List<StoredBatchCall>();
            foreach (var text in texts)
            {
                calls.Add(new(Guid.NewGuid(), await BatchRequest.OfAsync(Account, "quill-1", [new(ChatRole.User, text)], new ChatOptions(), default), true, null));
            }

            var now = TimeProvider.System.GetUtcNow().UtcDateTime;
            return new(Guid.NewGuid(), Guid.NewGuid(), Account.Id, Account.Kind, Account.Name, "quill-1", "making", null, now, null, null, false, true, 0, now) { Calls = calls };
        }

        public async Task<List<BatchLine>> LinesAsync(string id)
        {
            var look = await Protocol.LookAsync(Account, id, default);
            look.HasEnded.ShouldBeTrue();
            var lines = new List<BatchLine>();
            await foreach (var line in Protocol.LinesAsync(Account, look, default))
            {
                lines.Add(line);
            }

            return lines;
        }

        public ValueTask DisposeAsync() => _server.DisposeAsync();

        private static string User(System.Text.Json.JsonElement body)
        {
            var content = body.GetProperty("messages").EnumerateArray().Last().GetProperty("content");
            return content.ValueKind == System.Text.Json.JsonValueKind.String ? content.GetString()! : content.EnumerateArray().Last().GetProperty("text").GetString()!;
        }
    }
}
