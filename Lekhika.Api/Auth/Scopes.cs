using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;

namespace Lekhika.Api.Auth;

/// <summary>What an API key may be allowed to do. Whoever has logged in may do all of it.</summary>
internal static class Scopes
{
    public const string EnginesRun = "engines:run";
    public const string EnginesWrite = "engines:write";
    public const string ExecutionsRead = "executions:read";
    public const string ExecutionsControl = "executions:control";
    public const string FilesRead = "files:read";
    public const string ModelsRead = "models:read";
    public const string ModelsWrite = "models:write";

    public static IReadOnlyList<string> All { get; } = [EnginesRun, EnginesWrite, ExecutionsRead, ExecutionsControl, FilesRead, ModelsRead, ModelsWrite];

    public static TBuilder RequireScope<TBuilder>(this TBuilder builder, string scope)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(policy => policy.AddRequirements(new ScopeRequirement(scope)));
}

/// <summary>The credentials must carry this scope.</summary>
internal sealed class ScopeRequirement(string scope) : AuthorizationHandler<ScopeRequirement>, IAuthorizationRequirement
{
    public string Scope => scope;

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        if (context.User.HasClaim(CallerClaims.Scope, requirement.Scope))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}

/// <summary>What is known of whoever asks.</summary>
internal static class CallerClaims
{
    private const string Subject = "sub";
    private const string Key = "key_id";
    public const string Scope = "scope";

    public static ClaimsPrincipal Principal(string scheme, Guid userId, Guid? keyId, IEnumerable<string> scopes)
    {
        var identity = new ClaimsIdentity(scheme);
        identity.AddClaim(new Claim(Subject, userId.ToString()));
        identity.AddClaims(scopes.Select(scope => new Claim(Scope, scope)));
        if (keyId is { } id)
        {
            identity.AddClaim(new Claim(Key, id.ToString()));
        }

        return new ClaimsPrincipal(identity);
    }

    /// <summary>The user; only for endpoints that require one.</summary>
    public static Guid UserId(this ClaimsPrincipal caller) => Guid.Parse(caller.FindFirst(Subject)!.Value);

    /// <summary>The API key or the user, for limits.</summary>
    public static string ClientName(this ClaimsPrincipal caller) => (caller.FindFirst(Key) ?? caller.FindFirst(Subject))?.Value ?? "";
}
