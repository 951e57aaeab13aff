using System.Security.Claims;
using Lekhika.Api.Auth;
using Lekhika.Api.Errors;
using Lekhika.Api.Http;
using Lekhika.Api.OpenApi;
using Lekhika.Core.Exports.Preflight;
using Lekhika.Persistence.Exports;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lekhika.Api.Files;

/// <summary>What was found when the files of an execution were checked.</summary>
/// <param name="Reports">One for each format that was made, or did not pass.</param>
internal sealed record PreflightAnswer(IReadOnlyList<PreflightEntry> Reports);

/// <summary>What was found in one file.</summary>
/// <param name="FileId">Null when it did not pass, so that there is none.</param>
/// <param name="Complete">Whether nothing is still being looked at.</param>
/// <param name="Findings">The gravest first; at most 100.</param>
internal sealed record PreflightEntry(string Format, Guid? FileId, bool Complete, int Errors, int Warnings, int NotChecked, IReadOnlyList<PreflightFinding> Findings, DateTime CheckedAt)
{
    public PreflightEntry(StoredReport stored)
        : this(
            stored.Format, stored.FileId, stored.Report.IsComplete, stored.Report.Count(PreflightSeverity.Error), stored.Report.Count(PreflightSeverity.Warning), stored.Report.Count(PreflightSeverity.NotChecked),
            stored.Report.Findings, stored.CheckedAt)
    {
    }
}

/// <summary>Reports of preflight, for a key or for whoever has logged in.</summary>
internal static class PreflightEndpoint
{
    public static void MapPreflight(this IEndpointRouteBuilder app) =>
        app.MapOwn("/v1/executions/{executionId:guid}/preflight").WithTags("Files").MapGet("", Reports).WithName("getPreflight").WithSummary("What was found when the files of an execution were checked")
            .WithDescription("Of each format the newest report. `error`: the file is not delivered; `warning`: somebody should look; `notChecked`: nobody has looked; `info`.")
            .RequireScope(Scopes.ExecutionsRead).Refuses(404);

    private static async Task<Results<Ok<PreflightAnswer>, Refusal>> Reports(Guid executionId, ClaimsPrincipal caller, PreflightStore store, CancellationToken cancellationToken) =>
        await store.ListAsync(caller.UserId(), executionId, cancellationToken) is { } reports
            ? TypedResults.Ok(new PreflightAnswer([.. reports.Select(report => new PreflightEntry(report))]))
            : Refusals.NoExecution;
}
