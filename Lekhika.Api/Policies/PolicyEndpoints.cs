using System.Security.Claims;
using FluentValidation;
using Lekhika.Api.Auth;
using Lekhika.Api.Errors;
using Lekhika.Api.Http;
using Lekhika.Api.OpenApi;
using Lekhika.Persistence.Policies;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lekhika.Api.Policies;

/// <summary>What is not written.</summary>
internal static class PolicyEndpoints
{
    public static IServiceCollection AddPolicies(this IServiceCollection services) => services.AddSingleton<IValidator<PutPolicyRequest>, PutPolicyRequestValidator>();

    public static void MapPolicies(this IEndpointRouteBuilder app)
    {
        var group = app.MapOwn("/v1/content-policy").WithTags("Content policy");
        group.MapGet("", Get).WithName("getContentPolicy").WithSummary("What is not written for you: the platform's policy and your own").RequireScope(Scopes.ModelsRead);
        group.MapPut("", PutOwn).WithName("putContentPolicy").WithSummary("Say what is not to be written for you")
            .WithDescription("Replaces your own policy. It forbids more than the platform's and allows nothing that it forbids. Counts for what is written from now on.")
            .RequireScope(Scopes.ModelsWrite).Refuses(400, 413, 415);
        group.MapPut("/platform", PutPlatforms).WithName("putPlatformContentPolicy").WithSummary("Say what is not written for anybody")
            .WithDescription("Replaces the platform's policy; administrators only.")
            .RequireScope(Scopes.ModelsWrite).Refuses(400, 413, 415);
    }

    private static async Task<Ok<PolicyAnswer>> Get(ClaimsPrincipal caller, PolicyStore policies, CancellationToken cancellationToken) =>
        TypedResults.Ok(await AnswerAsync(caller, policies, cancellationToken));

    private static Task<Results<Ok<PolicyAnswer>, Refusal>> PutOwn(PutPolicyRequest request, ClaimsPrincipal caller, PolicyStore policies, CancellationToken cancellationToken) =>
        PutAsync(request, isPlatforms: false, caller, policies, cancellationToken);

    private static Task<Results<Ok<PolicyAnswer>, Refusal>> PutPlatforms(PutPolicyRequest request, ClaimsPrincipal caller, PolicyStore policies, CancellationToken cancellationToken) =>
        PutAsync(request, isPlatforms: true, caller, policies, cancellationToken);

    private static async Task<Results<Ok<PolicyAnswer>, Refusal>> PutAsync(
        PutPolicyRequest request, bool isPlatforms, ClaimsPrincipal caller, PolicyStore policies, CancellationToken cancellationToken) =>
        await policies.PutAsync(caller.UserId(), isPlatforms, request.Settings, cancellationToken)
            ? TypedResults.Ok(await AnswerAsync(caller, policies, cancellationToken))
            : Refusals.AdminRequired;

    private static async Task<PolicyAnswer> AnswerAsync(ClaimsPrincipal caller, PolicyStore policies, CancellationToken cancellationToken)
    {
        var (stored, isAdmin) = await policies.ReadForAsync(caller.UserId(), cancellationToken);
        return PolicyAnswer.Of(stored, isAdmin);
    }
}
