using System.Text.Json;
using Lekhika.Core.Executions;
using Lekhika.Testing.Models;
using Lekhika.Worker.Ai.Providers;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Tests.Providers;

/// <summary>Where servers that speak OpenAI's protocol differ from OpenAI's own, as their documents and their users' reports say.</summary>
public sealed class DialectSpecs
{
    private static readonly ChatOptions Plan = new()
    {
        Seed = 1,
        MaxOutputTokens = 2_000,
        Temperature = 0.5f,
        StopSequences = ["END"],
        ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"object","properties":{"title":{"type":"string"}}}"""), "plan"),
    };

    [Fact]
    public async Task Mistral_is_sent_nothing_that_it_does_not_know_and_counts_unasked()
    {
        // https://docs.mistral.ai/api/endpoint/chat; it answers 422 to any other property.
        string[] known = ["model", "messages", "stream", "temperature", "max_tokens", "stop", "random_seed", "response_format"];
        await using var served = await ServedModel.StartAsync(ProviderKinds.Mistral, new CompletionAnswer("{}") { Usage = new AnswerUsage(10, 5) });

        var answer = await served.AskAsync(isStreamed: true, Plan);

        served.Body.EnumerateObject().Select(property => property.Name).ShouldBe(known, ignoreOrder: true);
        answer.Usage.ShouldNotBeNull().OutputTokenCount.ShouldBe(5);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("google")]
    [InlineData("groq")]
    [InlineData("openrouter")]
    [InlineData("ollama")]
    [InlineData("vllm")]
    [InlineData("llamacpp")]
    [InlineData("openai_compatible")]
    public async Task Others_are_asked_to_count(string kind)
    {
        await using var served = await ServedModel.StartAsync(kind, new CompletionAnswer("Yes."));

        await served.AskAsync(isStreamed: true);

        served.Body.GetProperty("stream_options").GetProperty("include_usage").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Tokens_that_each_piece_brings_count_once()
    {
        await using var served = await ServedModel.StartAsync(
            ProviderKinds.OpenAiCompatible, new CompletionAnswer("One, two, three.") { Pieces = [new("One, "), new("two, "), new("three.")], CountsAsItGoes = true, Usage = new AnswerUsage(100, 7) });

        var answer = await served.AskAsync(isStreamed: true);

        (answer.Usage?.InputTokenCount, answer.Usage?.OutputTokenCount, answer.Text).ShouldBe((100, 7, "One, two, three."));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Groq_does_not_stream_what_has_a_schema(bool isStructured)
    {
        await using var served = await ServedModel.StartAsync(ProviderKinds.Groq, new CompletionAnswer("{\"title\":\"Dawn\"}", "length") { Usage = new AnswerUsage(100, 7, Cached: 40, Reasoning: 3) });

        var answer = await served.AskAsync(isStreamed: true, isStructured ? Plan : null);

        (served.Body.TryGetProperty("stream", out var stream) && stream.GetBoolean()).ShouldBe(!isStructured);
        served.Body.TryGetProperty("stream_options", out _).ShouldBe(!isStructured);
        (answer.Text, answer.FinishReason, answer.ModelId).ShouldBe(("{\"title\":\"Dawn\"}", ChatFinishReason.Length, "quill-1"));
        (answer.Usage?.InputTokenCount, answer.Usage?.OutputTokenCount, answer.Usage?.CachedInputTokenCount, answer.Usage?.ReasoningTokenCount).ShouldBe((100, 7, 40, 3));
    }

    [Fact]
    public async Task An_answer_in_one_piece_may_be_a_refusal()
    {
        await using var served = await ServedModel.StartAsync(ProviderKinds.Groq, new CompletionAnswer("") { Refusal = "No." });

        var fault = await Should.ThrowAsync<Nodes.StepFault>(() => served.AskAsync(isStreamed: true, Plan));

        fault.ErrorClass.ShouldBe(ErrorClasses.Refused);
    }

    [Fact]
    public async Task A_model_that_made_no_json_of_the_schema_may_try_again()
    {
        await using var served = await ServedModel.StartAsync(ProviderKinds.Groq, new CompletionAnswer("", Status: 400) { ErrorCode = "json_validate_failed" });

        (await served.FaultAsync(isStreamed: true)).ErrorClass.ShouldBe(ErrorClasses.InvalidAnswer);
    }

    [Theory]
    [InlineData("content_filter: RECITATION", "content_filter")]
    [InlineData("SAFETY", "content_filter")]
    [InlineData("model_length", "length")]
    [InlineData("MAX_TOKENS", "length")]
    [InlineData("eos_token", "stop")]
    public async Task A_reason_to_end_of_a_servers_own_is_understood(string theirs, string ours)
    {
        await using var served = await ServedModel.StartAsync(ProviderKinds.OpenAiCompatible, new CompletionAnswer("Once upon a time.", theirs));

        var answer = await served.AskAsync(isStreamed: true);

        (answer.Text, answer.FinishReason?.Value).ShouldBe(("Once upon a time.", ours));
    }

    [Fact]
    public async Task An_answer_that_ends_in_an_error_is_none()
    {
        await using var served = await ServedModel.StartAsync(ProviderKinds.OpenRouter, new CompletionAnswer("Once upon a time.", "error"));

        (await served.FaultAsync(isStreamed: true)).ErrorClass.ShouldBe(ErrorClasses.Unavailable);
    }
}
