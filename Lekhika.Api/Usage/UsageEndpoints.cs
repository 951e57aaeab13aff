using System.Security.Claims;
using FluentValidation;
using Lekhika.Api.Auth;
using Lekhika.Api.Errors;
using Lekhika.Api.Http;
using Lekhika.Api.OpenApi;
using Lekhika.Persistence.Views;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Lekhika.Api.Usage;

/// <summary>The calls of models that executions have made, one by one and added up.</summary>
internal static class UsageEndpoints
{
    private const int MostGroups = 1_000;

    public static IServiceCollection AddUsage(this IServiceCollection services) => services.AddSingleton<IValidator<UsageQuery>, UsageQueryValidator>();

    public static void MapUsage(this WebApplication app)
    {
        app.MapOwn("/v1/executions").WithTags("Usage").MapGet("/{executionId:guid}/calls", Calls).WithName("listCalls").WithSummary("The calls of models of an execution, the newest first")
            .WithDescription("Every try of every call, with the model, its parameters, what it used and cost, and how long it took.")
            .RequireScope(Scopes.ExecutionsRead).Refuses(400, 404);
        app.MapOwn("/v1/usage").WithTags("Usage").MapGet("", Usage).WithName("getUsage").WithSummary("What your calls of models used and cost")
            .WithDescription($"Added up by day, model, node or execution; at most {MostGroups} groups: days in their order, else the dearest first.")
            .RequireScope(Scopes.ExecutionsRead).Refuses(400);
    }

    private static async Task<Results<Ok<CallPage>, Refusal>> Calls(
        Guid executionId, [AsParameters] PageQuery query, ClaimsPrincipal caller, CallViewStore calls, CancellationToken cancellationToken) =>
        await calls.ListAsync(caller.UserId(), executionId, query.Request, cancellationToken) is { } page
            ? TypedResults.Ok(new CallPage([.. page.Items.Select(CallEntry.Of)], PageCursor.Write(page.Next)))
            : Refusals.NoExecution;

    private static async Task<Ok<UsageAnswer>> Usage(
        [AsParameters] UsageQuery query, ClaimsPrincipal caller, CallViewStore calls, TimeProvider time, CancellationToken cancellationToken)
    {
        var (from, to) = query.Time(DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime));
        var usage = await calls.UsageAsync(caller.UserId(), query.Group, from, to, query.ExecutionId, MostGroups, cancellationToken);
        return TypedResults.Ok(new UsageAnswer(query.By ?? "day", DateOnly.FromDateTime(from), DateOnly.FromDateTime(to.AddTicks(-1)), [.. usage.Select(UsageEntry.Of)]));
    }
}
