using System.Net.Http.Json;
using System.Text.Json;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Ai.Providers.Http;
using Lekhika.Worker.Nodes;

namespace Lekhika.Worker.Ai.OpenAi;

/// <summary>OpenAI's moderations (https://platform.openai.com/docs/api-reference/moderations), which other servers speak too.</summary>
internal static class OpenAiModerations
{
    private const int Most = 1_000_000;

    /// <summary>The provider's categories that a text falls into, and the model that says so.</summary>
    /// <exception cref="StepFault">The server did not answer, or not what its protocol knows.</exception>
    public static async Task<(IReadOnlyList<string> Categories, string? Model)> AskAsync(ProviderAccount account, string modelId, string text, CancellationToken cancellationToken)
    {
        using var content = JsonContent.Create(new Request(modelId, text));
        var sent = await ProviderHttp.PostAsync(account, "moderations", content, "application/json", Most, cancellationToken);
        try
        {
            return JsonSerializer.Deserialize<Answer>(sent.Body, JsonSerializerOptions.Web) is { Results: [{ Categories: not null } result, ..] } answer
                ? ([.. result.Categories.Where(category => result.Flagged && category.Value == true).Select(category => category.Key)], answer.Model)
                : throw StepFault.InvalidAnswer("The moderation model's answer has no result.");
        }
        catch (JsonException)
        {
            throw StepFault.InvalidAnswer("The moderation model's answer has no result.");
        }
    }

    private sealed record Request(string Model, string Input);

    private sealed record Answer(string? Model, IReadOnlyList<Result?>? Results);

    private sealed record Result(bool Flagged, IReadOnlyDictionary<string, bool?>? Categories);
}
