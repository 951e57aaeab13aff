using System.Security.Claims;
using FluentValidation;
using Lekhika.Api.Auth;
using Lekhika.Api.Errors;
using Lekhika.Api.Http;
using Lekhika.Api.OpenApi;
using Lekhika.Persistence.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lekhika.Api.Keys;

/// <summary>API keys: made, listed and revoked by whoever has logged in, never by a key. Rotating is making one and revoking the other.</summary>
internal static class KeyEndpoints
{
    public static IServiceCollection AddKeys(this IServiceCollection services) =>
        services.AddSingleton<IValidator<CreateKeyRequest>, CreateKeyRequestValidator>();

    public static void MapKeys(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/v1/keys").WithTags("Keys")
            .RequireAuthorization(policy => policy.AddAuthenticationSchemes(AccessTokenAuthentication.Scheme).RequireAuthenticatedUser())
            .RequireRateLimiting(HttpLimits.ByClient)
            .ValidateArguments()
            .Refuses(401, 429);
        group.MapPost("", Create).WithName("createKey").WithSummary("Make an API key")
            .WithDescription("The answer shows the key; it cannot be shown again.").Refuses(400, 409, 413, 415);
        group.MapGet("", List).WithName("listKeys").WithSummary("List your API keys").Refuses(400);
        group.MapDelete("/{keyId:guid}", Revoke).WithName("revokeKey").WithSummary("Revoke an API key").Refuses(404);
    }

    private static async Task<Results<Created<CreatedKeyResponse>, Refusal>> Create(
        CreateKeyRequest request, ClaimsPrincipal caller, ApiKeyStore keys, CancellationToken cancellationToken)
    {
        var text = ApiKeyText.Generate();
        IReadOnlyList<string> scopes = request.Scopes is { } asked ? [.. asked.Distinct()] : Scopes.All;
        var key = await keys.AddAsync(
            caller.UserId(), request.Name!.Trim(), ApiKeyText.Prefix(text), ApiKeyText.Hash(text), scopes, request.ExpiresAt?.UtcDateTime, cancellationToken);
        return key is null
            ? Refusals.TooManyKeys
            : TypedResults.Created((string?)null, new CreatedKeyResponse(key.Id, key.Name, text, key.Prefix, key.Scopes, key.CreatedAt, key.ExpiresAt));
    }

    private static async Task<Ok<KeyPage>> List([AsParameters] PageQuery query, ClaimsPrincipal caller, ApiKeyStore keys, CancellationToken cancellationToken)
    {
        var page = await keys.ListAsync(caller.UserId(), query.Request, cancellationToken);
        return TypedResults.Ok(new KeyPage(
            [.. page.Items.Select(key => new KeyResponse(key.Id, key.Name, key.Prefix, key.Scopes, key.CreatedAt, key.ExpiresAt, key.RevokedAt, key.LastUsedAt))],
            PageCursor.Write(page.Next)));
    }

    private static async Task<Results<NoContent, Refusal>> Revoke(Guid keyId, ClaimsPrincipal caller, ApiKeyStore keys, CancellationToken cancellationToken) =>
        await keys.RevokeAsync(caller.UserId(), keyId, cancellationToken) ? TypedResults.NoContent() : Refusals.NoKey;
}
