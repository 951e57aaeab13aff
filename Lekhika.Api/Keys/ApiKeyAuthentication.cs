using System.Text.Encodings.Web;
using Lekhika.Api.Auth;
using Lekhika.Api.Errors;
using Lekhika.Persistence.Identity;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Lekhika.Api.Keys;

/// <summary>Who shows an API key, in <c>X-API-Key</c> or <c>Authorization: Bearer</c>.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiKeyStore keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public new const string Scheme = "ApiKey";
    public const string Header = "X-API-Key";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Shown() is not { } text)
        {
            return BearerCredential.Refused(Context, Refusals.CredentialRequired);
        }

        if (!ApiKeyText.IsWhole(text))
        {
            return BearerCredential.Refused(Context, Refusals.MalformedKey);
        }

        var hash = ApiKeyText.Hash(text);
        var found = Context.GetEndpoint()?.Metadata.GetMetadata<IKeyLookUp>() is { } own ? own.FindAsync(Context, hash) : keys.FindAsync(hash, Context.RequestAborted);
        return await found is { } holder
            ? AuthenticateResult.Success(new AuthenticationTicket(CallerClaims.Principal(Scheme, holder.UserId, holder.KeyId, holder.Scopes), Scheme))
            : BearerCredential.Refused(Context, Refusals.UnknownKey);
    }

    private string? Shown() => Request.Headers.TryGetValue(Header, out var header)
        ? header.ToString().Trim()
        : BearerCredential.Of(Request) is { } bearer && BearerCredential.IsApiKey(bearer) ? bearer : null;
}
