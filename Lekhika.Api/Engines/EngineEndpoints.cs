using System.Security.Claims;
using Lekhika.Api.Auth;
using Lekhika.Api.Errors;
using Lekhika.Api.Http;
using Lekhika.Api.OpenApi;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Engines;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lekhika.Api.Engines;

/// <summary>The engines that a key's owner can run.</summary>
internal static class EngineEndpoints
{
    public static RouteGroupBuilder MapEngines(this RouteGroupBuilder engines)
    {
        engines.MapGet("/list", List).WithName("listEngines").WithTags("Engines").WithSummary("List your engines")
            .RequireScope(Scopes.EnginesRun).Refuses(400, 401, 403, 429);
        engines.MapGet("/{userEngineId:guid}", Get).WithName("getEngine").WithTags("Engines").WithSummary("One of your engines")
            .RequireScope(Scopes.EnginesRun).Refuses(401, 403, 404, 429);
        engines.MapStats();
        return engines;
    }

    private static async Task<Ok<Envelope<EnginePage>>> List(
        [AsParameters] PageQuery query, ClaimsPrincipal caller, UserEngineStore engines, TimeProvider time, CancellationToken cancellationToken)
    {
        var page = await engines.ListAsync(caller.UserId(), query.Request, cancellationToken);
        return TypedResults.Ok(Envelope.Of(new EnginePage([.. page.Items.Select(engine => new EngineSummary(engine))], PageCursor.Write(page.Next)), time));
    }

    private static async Task<Results<Ok<Envelope<EngineAnswer>>, Refusal>> Get(
        Guid userEngineId, ClaimsPrincipal caller, UserEngineStore engines, TimeProvider time, CancellationToken cancellationToken) =>
        await engines.FindAsync(caller.UserId(), userEngineId, cancellationToken) is var (engine, workflow)
            ? TypedResults.Ok(Envelope.Of(new EngineAnswer(new EngineDetails(engine, StoredWorkflow.Read(workflow))), time))
            : Refusals.NoEngine;
}
