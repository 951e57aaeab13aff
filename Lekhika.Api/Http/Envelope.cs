using System.Text.Json.Serialization;
using Lekhika.Api.Errors;

namespace Lekhika.Api.Http;

/// <summary>How <c>engines-api</c> answers.</summary>
/// <param name="Success">Whether the request was carried out.</param>
/// <param name="Data">The answer, or null.</param>
/// <param name="Error">Why not, or null.</param>
/// <param name="Timestamp">UTC.</param>
internal sealed record Envelope<T>(
    bool Success,
    T? Data,
    EnvelopeError? Error,
    DateTime Timestamp);

/// <summary>An error in the envelope.</summary>
/// <param name="Code">For programs; listed in docs/api.md.</param>
/// <param name="Message">For people.</param>
/// <param name="Details">By field, or whatever belongs to the code.</param>
internal sealed record EnvelopeError(string Code, string Message, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] object? Details = null);

internal static class Envelope
{
    public static Envelope<T> Of<T>(T data, TimeProvider time) => new(true, data, null, time.GetUtcNow().UtcDateTime);

    public static Envelope<object> Of(Refusal refusal, TimeProvider time) =>
        new(false, null, new EnvelopeError(refusal.Code, refusal.Message, refusal.Details), time.GetUtcNow().UtcDateTime);
}
