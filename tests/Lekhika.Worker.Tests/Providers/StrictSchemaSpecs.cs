using System.Text.Json;
using Lekhika.Core;
using Lekhika.Core.Planning;
using Lekhika.Worker.Ai.Batches;
using Lekhika.Worker.Ai.Providers;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Tests.Providers;

/// <summary>OpenAI keeps to a schema to the letter when that is strict, and refuses a strict one that has what it does not know (https://platform.openai.com/docs/guides/structured-outputs).</summary>
public sealed class StrictSchemaSpecs
{
    private static readonly string[] Keywords = ["type", "properties", "required", "additionalProperties", "items", "description", "enum", "anyOf", "$ref", "$defs"];

    [Theory]
    [InlineData(typeof(StoryRequirements))]
    [InlineData(typeof(StoryBible))]
    [InlineData(typeof(Outline))]
    [InlineData(typeof(Report))]
    public async Task OpenAI_s_own_models_keep_to_what_is_asked_for_in_a_structure(Type type)
    {
        var sent = await SentAsync(ServedModel.Of(ProviderKinds.OpenAi, null), type);

        sent.GetProperty("strict").GetBoolean().ShouldBeTrue();
        Check(sent.GetProperty("schema"));
    }

    [Theory]
    [InlineData("openai", "http://127.0.0.1:1/v1")]
    [InlineData("google", null)]
    [InlineData("mistral", null)]
    [InlineData("ollama", null)]
    [InlineData("openai_compatible", "http://127.0.0.1:1/v1")]
    public async Task Other_servers_are_not_asked_for_what_they_may_not_have(string kind, string? address) =>
        (await SentAsync(ServedModel.Of(kind, address), typeof(Outline))).TryGetProperty("strict", out _).ShouldBeFalse();

    private static async Task<JsonElement> SentAsync(ProviderAccount account, Type type)
    {
        var options = new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(AIJsonUtilities.CreateJsonSchema(type, serializerOptions: Json.Options), "plan") };
        var request = await BatchRequest.OfAsync(account, "m", [new(ChatRole.User, "Plan.")], options, CancellationToken.None);
        return JsonElement.Parse(request).GetProperty("response_format").GetProperty("json_schema");
    }

    private static void Check(JsonElement schema)
    {
        schema.EnumerateObject().Select(keyword => keyword.Name).ShouldBeSubsetOf(Keywords, schema.GetRawText());
        schema.GetProperty("type").ValueKind.ShouldBe(JsonValueKind.String, schema.GetRawText());
        if (schema.TryGetProperty("items", out var items))
        {
            Check(items);
        }

        if (schema.TryGetProperty("properties", out var properties))
        {
            schema.GetProperty("additionalProperties").GetBoolean().ShouldBeFalse();
            schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()).ShouldBe(properties.EnumerateObject().Select(property => property.Name), ignoreOrder: true);
            foreach (var property in properties.EnumerateObject())
            {
                Check(property.Value);
            }
        }
    }
}
