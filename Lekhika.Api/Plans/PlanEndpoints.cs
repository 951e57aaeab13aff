using System.Security.Claims;
using FluentValidation;
using Lekhika.Api.Auth;
using Lekhika.Api.Errors;
using Lekhika.Api.Executions;
using Lekhika.Api.Http;
using Lekhika.Api.OpenApi;
using Lekhika.Core.Executions.Steps;
using Lekhika.Persistence.Plans;
using Lekhika.Persistence.Themes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lekhika.Api.Plans;

/// <summary>What a changed run would cost, and making it.</summary>
internal static class PlanEndpoints
{
    public static IServiceCollection AddPlans(this IServiceCollection services) =>
        services.AddSingleton<IValidator<PlanRequest>, PlanRequestValidator>();

    public static void MapPlans(this IEndpointRouteBuilder app)
    {
        var executions = app.MapOwn("/v1/executions/{executionId:guid}").WithTags("Plans");
        executions.MapPost("/plan", Plan).WithName("planExecution").WithSummary("What would a changed run do again, and what would it cost?")
            .WithDescription("""
                Says of each step whether its finished output would serve or it would run, why, and an estimate of its tokens. Nothing is written.
                An empty object asks what of the run is unfinished.
                """)
            .RequireScope(Scopes.ExecutionsRead).Refuses(400, 404, 413, 415, 422);
        executions.MapPost("/fork", ForkEndpoint.Fork).WithName("forkExecution").WithSummary("Make a changed run that reuses what is finished")
            .WithDescription("""
                Makes a new run of the same engine from this one, in whatever state it is: steps that would be made of the same things are copied and not
                paid again, the others run. The run in the address stays as it is. Answers what it will do; POST …/plan says so beforehand.
                """)
            .WithMetadata(new DocumentedHeader(IdempotencyKey.Header, "1 to 255 visible characters of your choice, another for each run."))
            .RequireScope(Scopes.EnginesRun).Refuses(400, 404, 409, 413, 415, 422);
    }

    private static async Task<Results<Ok<PlanAnswer>, Refusal>> Plan(
        Guid executionId, PlanRequest request, ClaimsPrincipal caller, ExecutionPlanStore executions, ThemeStore themes, CancellationToken cancellationToken)
    {
        var userId = caller.UserId();
        if (await executions.LoadAsync(userId, executionId, cancellationToken) is not { } source)
        {
            return Refusals.NoExecution;
        }

        var (change, refusal) = await PlannedChange.ReadAsync(request, userId, source, executions, themes, isMade: false, cancellationToken);
        return change is null ? refusal! : TypedResults.Ok(new PlanAnswer(RunPlanner.Plan(source.Run, change.Run)));
    }
}
