using System.Text.Json;
using Lekhika.Testing.Models;
using Lekhika.Worker.Ai.Providers;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Tests.Providers;

/// <summary>What is sent to providers, as their servers get it.</summary>
public sealed class RequestSpecs
{
    private static readonly ChatOptions Limits = new() { ModelId = "another-model", Seed = -7, MaxOutputTokens = 2_000, Temperature = 0.5f, StopSequences = ["END"] };

    [Theory]
    [InlineData("openai", "seed", "max_completion_tokens")]
    [InlineData("google", null, "max_completion_tokens")]
    [InlineData("mistral", "random_seed", "max_tokens")]
    [InlineData("groq", "seed", "max_completion_tokens")]
    [InlineData("openrouter", "seed", "max_completion_tokens")]
    [InlineData("ollama", "seed", "max_tokens")]
    [InlineData("vllm", "seed", "max_completion_tokens")]
    [InlineData("llamacpp", "seed", "max_tokens")]
    [InlineData("openai_compatible", "seed", "max_completion_tokens")]
    [InlineData("anthropic", null, "max_tokens")]
    public async Task Seed_and_limit_go_by_the_names_that_the_provider_knows(string kind, string? seed, string limit)
    {
        await using var served = await ServedModel.StartAsync(kind, new CompletionAnswer("Yes."));

        await served.AskAsync(isStreamed: true, Limits);

        var names = served.Body.EnumerateObject().Select(property => property.Name).ToList();
        names.Where(name => name.Contains("seed", StringComparison.Ordinal)).ShouldBe(seed is null ? [] : [seed]);
        names.Where(name => name.StartsWith("max_", StringComparison.Ordinal)).ShouldBe([limit]);
        served.Body.GetProperty(limit).GetInt32().ShouldBe(2_000);
        // Anthropic's client has no temperature any more, whatever the model.
        (served.Body.TryGetProperty("temperature", out var temperature) ? temperature.GetDouble() : (double?)null).ShouldBe(kind == ProviderKinds.Anthropic ? null : 0.5);
        served.Body.GetProperty("model").GetString().ShouldBe("quill-1");
        served.Body.GetProperty(kind == ProviderKinds.Anthropic ? "stop_sequences" : "stop")[0].GetString().ShouldBe("END");
        if (seed is not null)
        {
            served.Body.GetProperty(seed).GetInt64().ShouldBe(seed == "seed" ? -7 : 2_147_483_641);
        }
    }

    [Fact]
    public async Task A_server_whose_settings_say_so_gets_the_limit_by_its_old_name()
    {
        await using var served = await ServedModel.StartAsync(ProviderKinds.Vllm, new CompletionAnswer("Yes."), new ProviderSettings { MaxTokensByOldName = true });

        await served.AskAsync(isStreamed: true, Limits);

        served.Body.GetProperty("max_tokens").GetInt32().ShouldBe(2_000);
        served.Body.TryGetProperty("max_completion_tokens", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Anthropic_gets_a_limit_even_when_nobody_sets_one()
    {
        await using var served = await ServedModel.StartAsync(ProviderKinds.Anthropic, new CompletionAnswer("Yes."));

        await served.AskAsync(isStreamed: false);

        served.Body.GetProperty("max_tokens").GetInt32().ShouldBe(8_192);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_schema_is_strict_only_where_that_is_asked_for(bool isStrict)
    {
        await using var served = await ServedModel.StartAsync(ProviderKinds.OpenAi, new CompletionAnswer("{}"));
        var schema = JsonElement.Parse("""{"type":"object","properties":{"title":{"type":"string"}}}""");

        await served.AskAsync(isStreamed: true, new ChatOptions
        {
            ResponseFormat = ChatResponseFormat.ForJsonSchema(schema, "plan"),
            AdditionalProperties = isStrict ? new() { ["strictJsonSchema"] = true } : null,
        });

        var sent = served.Body.GetProperty("response_format").GetProperty("json_schema");
        sent.GetProperty("name").GetString().ShouldBe("plan");
        (sent.TryGetProperty("strict", out var strict) && strict.ValueKind == JsonValueKind.True).ShouldBe(isStrict);
        sent.GetProperty("schema").TryGetProperty("additionalProperties", out _).ShouldBe(isStrict);
        sent.GetProperty("schema").TryGetProperty("required", out _).ShouldBe(isStrict);
    }

    [Fact]
    public async Task Anthropic_gets_a_schema_of_which_nothing_is_required_too()
    {
        await using var served = await ServedModel.StartAsync(ProviderKinds.Anthropic, new CompletionAnswer("{}"));
        var schema = JsonElement.Parse("""{"type":"object","properties":{"title":{"type":["string","null"]}}}""");

        await served.AskAsync(isStreamed: true, new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(schema, "plan") });

        var sent = served.Body.GetProperty("output_config").GetProperty("format");
        sent.GetProperty("type").GetString().ShouldBe("json_schema");
        sent.GetProperty("schema").GetProperty("additionalProperties").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Anthropic_caches_the_blocks_that_are_marked_and_the_caller_keeps_them_as_they_are(bool isStreamed)
    {
        await using var served = await ServedModel.StartAsync(ProviderKinds.Anthropic, new CompletionAnswer("Yes."));
        List<ChatMessage> messages = [new(ChatRole.System, [Marked("You are a writer.")]), new(ChatRole.User, [new TextContent("The brief."), Marked("The bible."), new TextContent("Write.")])];

        await served.AskAsync(messages, isStreamed);

        served.Body.GetProperty("system")[0].GetProperty("cache_control").GetProperty("type").GetString().ShouldBe("ephemeral");
        var blocks = served.Body.GetProperty("messages")[0].GetProperty("content");
        blocks.EnumerateArray().Select(block => block.TryGetProperty("cache_control", out _)).ShouldBe([false, true, false]);
        blocks[1].GetProperty("text").GetString().ShouldBe("The bible.");
        messages[1].Contents[1].AdditionalProperties.ShouldNotBeNull().Keys.ShouldBe(["lekhika.cache"]);
    }

    [Fact]
    public async Task Of_more_marks_than_Anthropic_takes_the_last_four_count()
    {
        await using var served = await ServedModel.StartAsync(ProviderKinds.Anthropic, new CompletionAnswer("Yes."));

        await served.AskAsync([new(ChatRole.User, [.. Enumerable.Range(1, 6).Select(number => Marked($"Part {number}."))])], isStreamed: true);

        served.Body.GetProperty("messages")[0].GetProperty("content").EnumerateArray().Select(block => block.TryGetProperty("cache_control", out _))
            .ShouldBe([false, false, true, true, true, true]);
    }

    [Fact]
    public async Task A_mark_for_the_cache_is_not_sent_to_others()
    {
        await using var served = await ServedModel.StartAsync(ProviderKinds.OpenAi, new CompletionAnswer("Yes."));

        await served.AskAsync([new(ChatRole.User, [Marked("The bible."), new TextContent(" Write.")])], isStreamed: true);

        served.Body.GetRawText().ShouldContain("The bible. Write.");
        served.Body.GetRawText().ShouldNotContain("cache");
    }

    [Fact]
    public async Task Anthropic_gets_the_key_and_the_version_of_its_protocol()
    {
        await using var server = await AnthropicServer.StartAsync(_ => new CompletionAnswer("Yes."));
        using var client = ProviderClients.Chat(ServedModel.Of(ProviderKinds.Anthropic, server.BaseUrl), "quill-1");

        await client.GetResponseAsync("Write.");

        var request = server.Requests.ShouldHaveSingleItem();
        request.ApiKey.ShouldBe(ServedModel.Secret);
        DateOnly.TryParse(request.Version, out _).ShouldBeTrue();
    }

    private static TextContent Marked(string text) => new(text) { AdditionalProperties = new() { ["lekhika.cache"] = true } };
}
