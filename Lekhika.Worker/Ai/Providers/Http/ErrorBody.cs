using System.Text.Json;

namespace Lekhika.Worker.Ai.Providers.Http;

/// <summary>What the body of an error says, in the providers' various ways.</summary>
/// <param name="IsRefusal">The provider will not write this.</param>
/// <param name="IsSpent">The account has nothing left to pay with.</param>
/// <param name="HasMissedSchema">The model wrote what is not of the schema: Groq's way to say so.</param>
/// <param name="Parameter">The part of the question that the model does not take: OpenAI's <c>param</c>.</param>
internal sealed record ErrorBody(bool IsRefusal, bool IsSpent, bool HasMissedSchema, string? Parameter)
{
    private static readonly ErrorBody Unread = new(false, false, false, null);

    /// <summary>Most bytes that are looked at.</summary>
    private const int Most = 1 << 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Codes that begin or end so: content_filter, content_policy_violation, content_moderation, moderation_blocked.</summary>
    private static readonly string[] Refusals = ["content_filter", "content_policy", "moderation"];

    private static readonly string[] Debts = ["insufficient_quota", "billing_hard_limit", "billing_error"];

    /// <summary>A body that cannot be read says nothing.</summary>
    public static async Task<ErrorBody> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            await using var stream = await content.ReadAsStreamAsync(limit.Token);
            var buffer = new byte[Most];
            var read = await stream.ReadAtLeastAsync(buffer, Most, throwOnEndOfStream: false, limit.Token);
            using var body = JsonDocument.Parse(buffer.AsMemory(0, read));
            var words = Words(body.RootElement).ToList();
            return new ErrorBody(
                words.Exists(word => word.Name == "flagged_input" || (IsCode(word.Name) && Has(word.Value, Refusals)) || (word.Name == "message" && IsRefusalMessage(word.Value))),
                words.Exists(word => (IsCode(word.Name) && Has(word.Value, Debts)) || (word.Name == "message" && word.Value.Contains("credit balance is too low", StringComparison.OrdinalIgnoreCase))),
                words.Exists(word => word is ("code", "json_validate_failed")),
                words.Find(word => word.Name == "param").Value);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested && error is JsonException or IOException or HttpRequestException or OperationCanceledException)
        {
            return Unread;
        }
    }

    /// <summary>Whether a message of Anthropic's is a refusal, which has no code for it.</summary>
    public static bool IsRefusalMessage(string message) => message.Contains("content filtering policy", StringComparison.OrdinalIgnoreCase);

    private static bool IsCode(string name) => name is "code" or "type" or "name";

    private static bool Has(string value, string[] codes) => Array.Exists(codes, code => value.Contains(code, StringComparison.OrdinalIgnoreCase));

    /// <summary>All properties with words for values, however deep; OpenRouter's <c>flagged_input</c>, what it has flagged, whatever its value.</summary>
    private static IEnumerable<(string Name, string Value)> Words(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Words),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => property.Value.ValueKind == JsonValueKind.String || property.Name == "flagged_input"
            ? [(property.Name, property.Value.ToString())]
            : Words(property.Value)),
        _ => [],
    };
}
