using Lekhika.Api.Auth;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace Lekhika.Api.Errors;

/// <summary>Writes 401 and 403 as refusals, whichever schemes an endpoint accepts.</summary>
internal sealed class AuthorizationRefusals : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
        {
            return next(context);
        }

        // The framework drops why a scheme failed when a policy names schemes; they leave it here.
        var refusal = authorizeResult.Forbidden ? Missing(authorizeResult) : context.Features.Get<Refusal>() ?? Refusals.CredentialRequired;
        return refusal.ExecuteAsync(context);
    }

    private static Refusal Missing(PolicyAuthorizationResult result) =>
        result.AuthorizationFailure?.FailedRequirements.OfType<ScopeRequirement>().FirstOrDefault() is { Scope: var scope }
            ? Refusals.MissingScope(scope)
            : Refusals.Forbidden;
}
