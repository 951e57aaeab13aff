using System.Text.Encodings.Web;
using Lekhika.Api.Errors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Lekhika.Api.Auth;

/// <summary>Who has logged in: an access token in <c>Authorization: Bearer</c>.</summary>
internal sealed class AccessTokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, AccessTokens tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public new const string Scheme = "AccessToken";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    private AuthenticateResult Authenticate()
    {
        if (BearerCredential.Of(Request) is not { } text || BearerCredential.IsApiKey(text))
        {
            return BearerCredential.Refused(Context, Refusals.TokenRequired);
        }

        return tokens.Read(text) is { } userId
            ? AuthenticateResult.Success(new AuthenticationTicket(CallerClaims.Principal(Scheme, userId, keyId: null, Scopes.All), Scheme))
            : BearerCredential.Refused(Context, Refusals.BadToken);
    }
}

/// <summary>What stands in the header Authorization after "Bearer" (RFC 6750).</summary>
internal static class BearerCredential
{
    private const string Word = "Bearer ";

    public static string? Of(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith(Word, StringComparison.OrdinalIgnoreCase) ? header[Word.Length..].Trim() : null;

    public static bool IsApiKey(string text) => text.StartsWith("LEKH-", StringComparison.Ordinal);

    /// <summary>Keeps why for whoever writes the answer. Of two schemes the one whose credentials were there has the word.</summary>
    public static AuthenticateResult Refused(HttpContext context, Refusal refusal)
    {
        var missing = refusal == Refusals.TokenRequired || refusal == Refusals.CredentialRequired;
        if (!missing || context.Features.Get<Refusal>() is null)
        {
            context.Features.Set(refusal);
        }

        return missing ? AuthenticateResult.NoResult() : AuthenticateResult.Fail(refusal.Code);
    }
}
