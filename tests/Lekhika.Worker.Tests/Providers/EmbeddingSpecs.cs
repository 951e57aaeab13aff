using Lekhika.Core.Executions;
using Lekhika.Testing.Models;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Nodes;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Tests.Providers;

/// <summary>Embeddings by OpenAI's protocol, over real sockets, and those without a model.</summary>
public sealed class EmbeddingSpecs
{
    [Theory]
    [InlineData("openai")]
    [InlineData("google")]
    [InlineData("mistral")]
    [InlineData("ollama")]
    public async Task Each_text_gets_its_vector_in_whatever_order_they_come(string kind)
    {
        await using var server = await ChatCompletionsServer.StartAsync(_ => new CompletionAnswer(
            """{"object":"list","model":"e-1","data":[{"index":1,"embedding":[0,1]},{"index":0,"embedding":[0.5,-2e-3]}],"usage":{"prompt_tokens":7,"total_tokens":7}}"""));
        using var embeddings = ProviderClients.Embeddings(ServedModel.Of(kind, server.BaseUrl), "e-1");

        var vectors = await embeddings.GenerateAsync(["one", "two"], new EmbeddingGenerationOptions { Dimensions = 2 });

        vectors.Select(vector => vector.Vector.ToArray()).ShouldBe([[0.5f, -0.002f], [0f, 1f]]);
        vectors.Usage.ShouldNotBeNull().InputTokenCount.ShouldBe(7);
        var request = server.Requests.ShouldHaveSingleItem();
        (request.Path, request.Authorization, request.Model).ShouldBe(("/v1/embeddings", "Bearer sk-secret", "e-1"));
        request.Body.GetProperty("input").EnumerateArray().Select(text => text.GetString()).ShouldBe(["one", "two"]);
        request.Body.GetProperty("dimensions").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Nothing_is_asked_for_no_texts()
    {
        await using var server = await ChatCompletionsServer.StartAsync(_ => new CompletionAnswer(""));
        using var embeddings = ProviderClients.Embeddings(ServedModel.Of(ProviderKinds.OpenAi, server.BaseUrl), "e-1");

        (await embeddings.GenerateAsync([])).ShouldBeEmpty();
        server.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"data":[{"index":0,"embedding":[1,0]}]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":[1,0]},{"index":1,"embedding":[1]}]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":[]},{"index":1,"embedding":[]}]}""")]
    [InlineData("""{"data":[{"index":0},{"index":1}]}""")]
    [InlineData("""{"error":"none"}""")]
    [InlineData("no json")]
    public async Task What_is_not_one_vector_for_each_text_is_an_invalid_answer(string body)
    {
        await using var server = await ChatCompletionsServer.StartAsync(_ => new CompletionAnswer(body));
        using var embeddings = ProviderClients.Embeddings(ServedModel.Of(ProviderKinds.OpenAi, server.BaseUrl), "e-1");

        (await Should.ThrowAsync<StepFault>(() => embeddings.GenerateAsync(["one", "two"]))).ErrorClass.ShouldBe(ErrorClasses.InvalidAnswer);
    }

    [Fact]
    public async Task A_busy_server_says_how_long_to_wait()
    {
        await using var server = await ChatCompletionsServer.StartAsync(_ => new CompletionAnswer("", Status: 429) { RetryAfter = "3" });
        using var embeddings = ProviderClients.Embeddings(ServedModel.Of(ProviderKinds.OpenAi, server.BaseUrl), "e-1");

        var fault = await Should.ThrowAsync<StepFault>(() => embeddings.GenerateAsync(["one"]));

        (fault.ErrorClass, fault.RetryAfter).ShouldBe((ErrorClasses.RateLimited, TimeSpan.FromSeconds(3)));
    }

    [Fact]
    public async Task Offline_vectors_have_length_one_and_are_always_the_same()
    {
        using var embeddings = ProviderClients.Embeddings(ServedModel.Of(ProviderKinds.Offline, null), "any");

        var vectors = await embeddings.GenerateAsync(["The lamp was lit.", "", "!!", "दीपक जल रहा था", "half a pair: \ud800"]);

        vectors.ShouldAllBe(vector => vector.Dimensions == 256 && vector.ModelId == "offline-hashed-ngrams" && Math.Abs(Dot(vector, vector) - 1) < 1e-5);
        // Written down once: another value means that stored vectors no longer fit.
        string.Join(' ', vectors[0].Vector.ToArray().Select((value, place) => (value, place)).Where(item => item.value != 0).Take(4).Select(item => $"{item.place}:{item.value:F4}"))
            .ShouldBe("1:-0.1562 3:0.1562 12:-0.1562 14:-0.1562");
        embeddings.GetService<EmbeddingGeneratorMetadata>().ShouldNotBeNull().DefaultModelId.ShouldBe("offline-hashed-ngrams");
    }

    [Theory]
    [InlineData("The lamp was lit in the tower.", "the LAMP, was lit in a tower", "Rain fell on the harbour all night.")]
    [InlineData("दीपक मीनार में जल रहा था", "मीनार में दीपक जल रहा था", "सारी रात बंदरगाह पर बारिश हुई")]
    public async Task Offline_a_text_is_nearer_to_one_with_the_same_words_than_to_another(string text, string alike, string other)
    {
        using var embeddings = ProviderClients.Embeddings(ServedModel.Of(ProviderKinds.Offline, null), "any");

        var vectors = await embeddings.GenerateAsync([text, alike, other]);

        var near = Dot(vectors[0], vectors[1]);
        near.ShouldBeGreaterThan(0.6f);
        near.ShouldBeGreaterThan(Dot(vectors[0], vectors[2]) + 0.3f);
    }

    private static float Dot(Embedding<float> one, Embedding<float> other) => one.Vector.ToArray().Zip(other.Vector.ToArray(), (a, b) => a * b).Sum();
}
