using System.Text.Json;

namespace Lekhika.Worker.Ai.Providers.Http;

/// <summary>The providers' ways to say that they will not write this, in the body of an error.</summary>
internal static class RefusalBody
{
    /// <summary>Most bytes that are looked at.</summary>
    private const int Most = 1 << 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Codes that begin or end so: content_filter, content_policy_violation, content_moderation, moderation_blocked.</summary>
    private static readonly string[] Codes = ["content_filter", "content_policy", "moderation"];

    /// <summary>Whether the body says so; a body that cannot be read does not.</summary>
    public static async Task<bool> IsRefusalAsync(HttpContent content, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            await using var stream = await content.ReadAsStreamAsync(limit.Token);
            var buffer = new byte[Most];
            var read = await stream.ReadAtLeastAsync(buffer, Most, throwOnEndOfStream: false, limit.Token);
            using var body = JsonDocument.Parse(buffer.AsMemory(0, read));
            return Says(body.RootElement);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested && error is JsonException or IOException or HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Whether a message of Anthropic's says so, which has no code for it.</summary>
    public static bool Says(string message) => message.Contains("content filtering policy", StringComparison.OrdinalIgnoreCase);

    private static bool Says(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().Any(Says),
        JsonValueKind.Object => element.EnumerateObject().Any(property => Says(property) || Says(property.Value)),
        _ => false,
    };

    private static bool Says(JsonProperty property) => property switch
    {
        // OpenRouter's, with what it has flagged.
        { Name: "flagged_input" } => true,
        { Name: "code" or "type" or "name", Value.ValueKind: JsonValueKind.String } => Codes.Any(code => property.Value.GetString()!.Contains(code, StringComparison.OrdinalIgnoreCase)),
        { Name: "message", Value.ValueKind: JsonValueKind.String } => Says(property.Value.GetString()!),
        _ => false,
    };
}
