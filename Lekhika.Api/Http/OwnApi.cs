using Lekhika.Api.Auth;
using Lekhika.Api.Errors;
using Lekhika.Api.Keys;
using Lekhika.Api.OpenApi;

namespace Lekhika.Api.Http;

/// <summary>What somebody does with his own things under <c>/v1</c>, with a key or after logging in.</summary>
internal static class OwnApi
{
    /// <summary>A group that carries credentials, limits and validation for all of its endpoints.</summary>
    public static RouteGroupBuilder MapOwn(this IEndpointRouteBuilder app, string prefix) =>
        app.MapGroup(prefix)
            .RequireAuthorization(policy => policy.AddAuthenticationSchemes(ApiKeyAuthentication.Scheme, AccessTokenAuthentication.Scheme).RequireAuthenticatedUser())
            .RequireRateLimiting(HttpLimits.ByClient)
            .ValidateArguments()
            .Refuses(401, 403, 429);
}
