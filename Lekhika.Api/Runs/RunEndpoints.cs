using System.ComponentModel;
using System.Security.Claims;
using FluentValidation;
using Lekhika.Api.Auth;
using Lekhika.Api.Errors;
using Lekhika.Api.Executions;
using Lekhika.Api.Http;
using Lekhika.Api.Keys;
using Lekhika.Api.OpenApi;
using Lekhika.Api.Runs.Requests;
using Lekhika.Core.Executions;
using Lekhika.Persistence.Views;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Lekhika.Api.Runs;

/// <summary>Runs in full, for a key or for whoever has logged in.</summary>
internal static class RunEndpoints
{
    public static IServiceCollection AddRuns(this IServiceCollection services) => services
        .AddSingleton<IValidator<RegenerateRequest>, RegenerateRequestValidator>()
        .AddSingleton<IValidator<RerunRequest>, RerunRequestValidator>()
        .AddSingleton<IValidator<ReviseRequest>, ReviseRequestValidator>()
        .AddSingleton<IValidator<MakeFilesRequest>, MakeFilesRequestValidator>();

    public static void MapRuns(this IEndpointRouteBuilder app)
    {
        var runs = app.MapOwn("/v1/executions").WithTags("Runs");
        runs.MapGet("", List).WithName("listRuns").WithSummary("List your executions with their figures, the newest first")
            .RequireScope(Scopes.ExecutionsRead).Refuses(400);
        runs.MapGet("/{executionId:guid}", Get).WithName("getRun").WithSummary("An execution in full")
            .WithDescription("""
                Answers 304 when `If-None-Match` names the version that the client has; `wordsPerSecond` and `secondsLeft` change with the clock
                and make no new version.
                """)
            .WithMetadata(new DocumentedHeader("If-None-Match", "The ETag of the answer before."))
            .Produces(StatusCodes.Status304NotModified)
            .RequireScope(Scopes.ExecutionsRead).Refuses(404);
        runs.MapParts();
        runs.MapControl();
        runs.MapAnew();
        runs.MapPreviews();
        runs.MapFileOrders();
        app.MapOwn("/v1/dead-letters").WithTags("Dead letters").MapDeadLetters();
    }

    /// <summary>A group for a key or an access token, with limits and validation for all of its endpoints.</summary>
    private static RouteGroupBuilder MapOwn(this IEndpointRouteBuilder app, string prefix) =>
        app.MapGroup(prefix)
            .RequireAuthorization(policy => policy.AddAuthenticationSchemes(ApiKeyAuthentication.Scheme, AccessTokenAuthentication.Scheme).RequireAuthenticatedUser())
            .RequireRateLimiting(HttpLimits.ByClient)
            .ValidateArguments()
            .Refuses(401, 403, 429);

    private static async Task<Results<Ok<RunPage>, Refusal>> List(
        [AsParameters] PageQuery query,
        [FromQuery(Name = "status")][Description("Only those in this state: queued, running, paused, stopping, exporting, completed, stopped or failed.")] string? status,
        ClaimsPrincipal caller,
        RunViewStore runs,
        CancellationToken cancellationToken)
    {
        var states = Enum.GetValues<RunStatus>().Where(state => status is null || state.Word() == status).ToList();
        if (states.Count == 0)
        {
            return Refusals.Invalid(new Dictionary<string, string[]> { ["status"] = [$"The states are {string.Join(", ", Enum.GetValues<RunStatus>().Select(state => state.Word()))}."] });
        }

        var page = await runs.ListAsync(caller.UserId(), status is null ? null : states[0], query.Request, cancellationToken);
        return TypedResults.Ok(new RunPage([.. page.Items.Select(RunAnswers.Entry)], PageCursor.Write(page.Next)));
    }

    private static async Task<Results<Ok<RunAnswer>, StatusCodeHttpResult, Refusal>> Get(
        Guid executionId, HttpContext context, ClaimsPrincipal caller, RunViewStore runs, CancellationToken cancellationToken)
    {
        if (await runs.FindAsync(caller.UserId(), executionId, cancellationToken) is not { } details)
        {
            return Refusals.NoExecution;
        }

        var answer = RunAnswers.Answer(details);
        return EntityTag.IsKnown(context, answer with { WordsPerSecond = null, SecondsLeft = null })
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(answer);
    }
}
