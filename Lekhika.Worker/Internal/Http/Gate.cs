using System.Security.Cryptography;
using System.Text;

namespace Lekhika.Worker.Internal.Http;

/// <summary>Lets a request in that brings the secret in <c>X-Internal-Auth</c>, whatever its address: what is mapped later is behind it too.</summary>
/// <param name="secret">Null: nobody comes in.</param>
internal sealed class Gate(string? secret)
{
    public const string Header = "X-Internal-Auth";

    private static readonly Refusal Disabled = new(503, "internal_api_disabled", "The internal endpoints are switched off: the worker has no INTERNAL_API_SECRET.");
    private static readonly Refusal Required = new(401, "internal_auth_required", $"The worker's secret is required, in the header '{Header}'.");
    private static readonly Refusal Wrong = new(401, "internal_auth_invalid", $"The header '{Header}' has not the worker's secret.");

    // Of equal length whatever was sent, so that the comparison tells nothing by its time.
    private readonly byte[]? _expected = secret is null ? null : Hash(secret);

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (_expected is null)
        {
            return Disabled.ExecuteAsync(context);
        }

        if (context.Request.Headers[Header] is not [{ Length: > 0 } sent])
        {
            return Required.ExecuteAsync(context);
        }

        return CryptographicOperations.FixedTimeEquals(Hash(sent), _expected) ? next(context) : Wrong.ExecuteAsync(context);
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
