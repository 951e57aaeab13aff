using Lekhika.Api.Errors;
using Lekhika.Api.Keys;

namespace Lekhika.Api.Http;

/// <summary>The public API of engines, as the original's clients know it.</summary>
internal static class EnginesApi
{
    public const string Prefix = "/engines-api";

    /// <summary>The group that carries key, limits and validation for all of its endpoints.</summary>
    public static RouteGroupBuilder MapEnginesApi(this IEndpointRouteBuilder app) =>
        app.MapGroup(Prefix)
            .RequireAuthorization(policy => policy.AddAuthenticationSchemes(ApiKeyAuthentication.Scheme).RequireAuthenticatedUser())
            .RequireRateLimiting(HttpLimits.ByClient)
            .ValidateArguments();
}
