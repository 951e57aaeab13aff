using System.Net;
using System.Text.Json;

namespace Lekhika.Run.Api;

/// <summary>The API said no.</summary>
internal sealed class ApiException(HttpStatusCode status, string message) : Exception(message)
{
    public HttpStatusCode Status => status;
}

/// <summary>Finds the sentence in an answer: of the envelope, of a problem (RFC 9457), or of a run.</summary>
internal static class ApiError
{
    private static readonly string[] Members = ["error", "message", "detail", "title"];

    public static string Sentence(string body)
    {
        try
        {
            return Sentence(JsonDocument.Parse(body).RootElement) ?? body;
        }
        catch (JsonException)
        {
            return body;
        }
    }

    /// <summary>Null when there is none.</summary>
    public static string? Sentence(JsonElement? element)
    {
        if (element is { ValueKind: JsonValueKind.String } text)
        {
            return text.GetString();
        }

        if (element is not { ValueKind: JsonValueKind.Object } found)
        {
            return null;
        }

        var sentence = Members
            .Select(name => found.TryGetProperty(name, out var value) ? Sentence(value) : null)
            .FirstOrDefault(value => !string.IsNullOrEmpty(value));
        return found.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Object
            ? $"{sentence} {string.Join(' ', errors.EnumerateObject().Select(field => $"{field.Name}: {Texts(field.Value)}"))}".Trim()
            : sentence;
    }

    private static string Texts(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? string.Join(' ', value.EnumerateArray().Select(item => item.ToString())) : value.ToString();
}
