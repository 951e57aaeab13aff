using System.Security.Claims;
using Lekhika.Api.Auth;
using Lekhika.Api.Http;
using Lekhika.Api.OpenApi;
using Lekhika.Core.Executions;
using Lekhika.Persistence.Engines;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lekhika.Api.Engines;

/// <summary>How many engines and executions the key's owner has.</summary>
internal static class StatsEndpoint
{
    public static void MapStats(this RouteGroupBuilder engines) =>
        engines.MapGet("/stats", Get).WithName("getStats").WithTags("Engines").WithSummary("How many engines and executions you have")
            .RequireScope(Scopes.ExecutionsRead).Refuses(401, 403, 429);

    private static async Task<Ok<Envelope<StatsAnswer>>> Get(ClaimsPrincipal caller, EngineStatistics statistics, TimeProvider time, CancellationToken cancellationToken)
    {
        var figures = await statistics.ReadAsync(caller.UserId(), cancellationToken);
        var byStatus = new OrderedDictionary<string, long>();
        foreach (var word in Enum.GetValues<RunStatus>().Select(status => status.PublicWord()).Distinct())
        {
            byStatus.Add(word, figures.Runs.Where(runs => runs.Key.PublicWord() == word).Sum(runs => runs.Value));
        }

        return TypedResults.Ok(Envelope.Of(new StatsAnswer(figures.Engines, figures.ActiveEngines, figures.Runs.Values.Sum(), byStatus), time));
    }
}

/// <summary>Figures of the key's owner.</summary>
/// <param name="ByStatus">Executions by queued, processing, paused, completed, stopped and failed.</param>
internal sealed record StatsAnswer(int TotalEngines, int ActiveEngines, long TotalExecutions, IReadOnlyDictionary<string, long> ByStatus);
