using System.Security.Claims;
using Lekhika.Api.Auth;
using Lekhika.Api.Http;
using Lekhika.Api.OpenApi;
using Lekhika.Persistence.Models;
using Lekhika.Persistence.Signals;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lekhika.Api.Models;

/// <summary>How providers are, as the workers have seen them.</summary>
internal static class ProviderHealthEndpoint
{
    public static void MapProviderHealth(this RouteGroupBuilder providers) =>
        providers.MapGet("/health", Health).WithName("getProviderHealth").WithSummary("How the providers are that you look after")
            .WithDescription("Your own; for administrators the platform's too, those of the workers' environment among them (on the first page). What the workers saw last; of one that they heard nothing of for ten minutes nothing is known (`unknown`), and asking has a worker find out within seconds.")
            .RequireScope(Scopes.ModelsRead).Refuses(400);

    private static async Task<Ok<ProviderHealthPage>> Health(
        [AsParameters] PageQuery query, ClaimsPrincipal caller, ProviderStore providers, ProviderBoard board, CancellationToken cancellationToken)
    {
        var userId = caller.UserId();
        var request = query.Request;
        var (page, isAdmin) = await providers.ListManagedAsync(userId, request, cancellationToken);
        var own = await ReadAsync(board, page.Items.Any(provider => !provider.IsPlatforms) ? ProviderBoard.Of(userId) : null);
        var platforms = await ReadAsync(board, isAdmin ? ProviderBoard.Platform : null);
        List<ProviderHealth> found =
        [
            .. request.After is null ? Environment(platforms ?? []) : [],
            .. page.Items.Select(provider => ProviderHealth.Of(provider, (provider.IsPlatforms ? platforms : own) ?? [])),
        ];
        await WantAsync(board, found, userId);
        return TypedResults.Ok(new ProviderHealthPage(found, platforms?.Count, PageCursor.Write(page.Next)));
    }

    /// <summary>Providers that no row knows.</summary>
    private static IEnumerable<ProviderHealth> Environment(IReadOnlyList<ProviderReport> reports) => reports
        .SelectMany(report => report.Providers).Where(seen => seen.Id is null).DistinctBy(seen => seen.Name)
        .Select(seen => ProviderHealth.Of(seen, reports));

    private static async Task<IReadOnlyList<ProviderReport>?> ReadAsync(ProviderBoard board, string? scope) => scope is null ? [] : await board.ReadAsync(scope);

    private static Task WantAsync(ProviderBoard board, List<ProviderHealth> found, Guid userId) => Task.WhenAll(
        found.Where(health => health.Status == ProviderHealth.Unknown)
            .Select(health => health.Owner == Owners.Word(isPlatforms: false) ? ProviderBoard.Of(userId) : ProviderBoard.Platform)
            .Distinct().Select(board.WantAsync));
}
