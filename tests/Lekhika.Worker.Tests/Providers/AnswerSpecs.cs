using System.Text.Json;
using Lekhika.Testing.Models;
using Lekhika.Worker.Ai.Providers;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Tests.Providers;

/// <summary>What providers answer when nothing is wrong, over real sockets.</summary>
public sealed class AnswerSpecs
{
    [Theory, ClassData(typeof(EachProtocol))]
    public async Task An_answer_has_the_text_the_model_and_the_reason_of_its_end(string kind, bool isStreamed)
    {
        await using var served = await ServedModel.StartAsync(kind, new CompletionAnswer("Once upon a time."));

        var answer = await served.AskAsync(isStreamed);

        answer.Text.ShouldBe("Once upon a time.");
        answer.ModelId.ShouldBe("quill-1");
        answer.FinishReason.ShouldBe(ChatFinishReason.Stop);
        served.Key().ShouldEndWith(ServedModel.Secret);
        served.Client.GetService<ChatClientMetadata>().ShouldNotBeNull().DefaultModelId.ShouldBe("quill-1");
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("google")]
    [InlineData("anthropic")]
    public async Task A_stream_brings_each_piece_when_it_is_sent(string kind)
    {
        var first = new TaskCompletionSource();
        await using var served = await ServedModel.StartAsync(kind, new CompletionAnswer("") { Pieces = [new("One, "), new("two")], Fault = ServerFault.Stall });
        using var stop = new CancellationTokenSource();

        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in served.Client.GetStreamingResponseAsync("Count.", cancellationToken: stop.Token))
            {
                if (update.Text == "One, ")
                {
                    first.SetResult();
                    await stop.CancelAsync();
                }
            }
        });

        first.Task.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Theory, ClassData(typeof(EachProtocol))]
    public async Task An_answer_that_comes_byte_by_byte_is_the_same(string kind, bool isStreamed)
    {
        const string text = "Naïve — नमस्ते, 🖋 and \"quotes\"\n";
        await using var served = await ServedModel.StartAsync(kind, new CompletionAnswer(text) { Pieces = [new(text[..9]), new(text[9..])], Fault = ServerFault.ByteByByte });

        (await served.AskAsync(isStreamed)).Text.ShouldBe(text);
    }

    [Theory, ClassData(typeof(EachProtocol))]
    public async Task An_answer_of_ten_megabytes_arrives_whole(string kind, bool isStreamed)
    {
        var text = string.Concat(Enumerable.Range(0, 1_000_000).Select(number => $"{number:D9} "));
        await using var served = await ServedModel.StartAsync(kind, new CompletionAnswer(text));

        ((await served.AskAsync(isStreamed)).Text == text).ShouldBeTrue();
    }

    [Theory, ClassData(typeof(EachProtocol))]
    public async Task An_empty_answer_is_empty_and_no_fault(string kind, bool isStreamed)
    {
        await using var served = await ServedModel.StartAsync(kind, new CompletionAnswer(""));

        var answer = await served.AskAsync(isStreamed);

        answer.Text.ShouldBeEmpty();
        answer.FinishReason.ShouldBe(ChatFinishReason.Stop);
    }

    [Theory, ClassData(typeof(EachProtocol))]
    public async Task An_answer_at_its_limit_says_so(string kind, bool isStreamed)
    {
        await using var served = await ServedModel.StartAsync(kind, new CompletionAnswer("Once upon a ti", "length"));

        var answer = await served.AskAsync(isStreamed);

        answer.FinishReason.ShouldBe(ChatFinishReason.Length);
        answer.Text.ShouldBe("Once upon a ti");
    }

    [Theory]
    [InlineData("max_tokens", true, "length")]
    [InlineData("model_context_window_exceeded", true, "length")]
    [InlineData("model_context_window_exceeded", false, "length")]
    [InlineData("stop_sequence", true, "stop")]
    [InlineData("stop_sequence", false, "stop")]
    [InlineData("refusal", true, "content_filter")]
    public async Task Anthropic_s_own_reasons_to_end_are_understood(string theirs, bool isStreamed, string ours)
    {
        await using var served = await ServedModel.StartAsync(ProviderKinds.Anthropic, new CompletionAnswer("Once upon a ti", theirs));

        var answer = await served.AskAsync(isStreamed);

        (answer.Text, answer.FinishReason?.Value).ShouldBe(("Once upon a ti", ours));
    }

    [Theory, ClassData(typeof(EachProtocol))]
    public async Task An_answer_that_was_withheld_says_so(string kind, bool isStreamed)
    {
        await using var served = await ServedModel.StartAsync(kind, new CompletionAnswer("", "content_filter"));

        (await served.AskAsync(isStreamed)).FinishReason.ShouldBe(ChatFinishReason.ContentFilter);
    }

    [Theory, ClassData(typeof(EachProtocol))]
    public async Task Input_tokens_are_all_of_them_and_those_of_the_cache_are_known(string kind, bool isStreamed)
    {
        await using var served = await ServedModel.StartAsync(kind, new CompletionAnswer("Yes.") { Usage = new AnswerUsage(1_000, 50, Cached: 700, CacheWritten: 200, Reasoning: 30) });

        var usage = (await served.AskAsync(isStreamed)).Usage.ShouldNotBeNull();

        usage.InputTokenCount.ShouldBe(1_000);
        usage.OutputTokenCount.ShouldBe(50);
        usage.TotalTokenCount.ShouldBe(1_050);
        usage.CachedInputTokenCount.ShouldBe(700);
        usage.ReasoningTokenCount.ShouldBe(30);
        if (kind == ProviderKinds.Anthropic)
        {
            usage.AdditionalCounts.ShouldNotBeNull()["cache_write"].ShouldBe(200);
        }
    }

    [Theory, ClassData(typeof(EachProtocol))]
    public async Task A_schema_travels_with_the_question(string kind, bool isStreamed)
    {
        await using var served = await ServedModel.StartAsync(kind, new CompletionAnswer("""{"title":"Dawn","parts":3}"""));
        var schema = JsonElement.Parse("""{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","properties":{"title":{"type":"string"},"parts":{"type":"integer"}},"required":["title","parts"]}""");

        var answer = await served.AskAsync(isStreamed, new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(schema, "plan") });

        JsonElement.Parse(answer.Text).GetProperty("parts").GetInt32().ShouldBe(3);
        var sent = kind == ProviderKinds.Anthropic
            ? served.Body.GetProperty("output_config").GetProperty("format").GetProperty("schema")
            : served.Body.GetProperty("response_format").GetProperty("json_schema").GetProperty("schema");
        sent.GetProperty("properties").GetProperty("title").GetProperty("type").GetString().ShouldBe("string");
        sent.GetProperty("required").GetArrayLength().ShouldBe(2);
        sent.TryGetProperty("$schema", out _).ShouldBe(kind != ProviderKinds.Anthropic);
    }
}
