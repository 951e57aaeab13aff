using System.ComponentModel;
using System.Security.Claims;
using Lekhika.Api.Auth;
using Lekhika.Api.Errors;
using Lekhika.Api.Http;
using Lekhika.Api.OpenApi;
using Lekhika.Persistence.Models;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Lekhika.Api.Models;

/// <summary>Which models are tried in which order.</summary>
internal static class PreferenceEndpoints
{
    public static void MapPreferences(this IEndpointRouteBuilder app)
    {
        var group = app.MapOwn("/v1/model-preferences").WithTags("Providers and models");
        group.MapGet("", List).WithName("listModelPreferences").WithSummary("Your preferences and the platform's").RequireScope(Scopes.ModelsRead);
        group.MapPut("", Put).WithName("putModelPreference").WithSummary("Say which models are tried in which order")
            .WithDescription("Replaces what was said for exactly the same role, tier and task. The most special preference that fits counts, your own before the platform's.")
            .RequireScope(Scopes.ModelsWrite).Refuses(400, 409, 413, 415, 422);
        group.MapDelete("", Delete).WithName("deleteModelPreference").WithSummary("Take back what was said for a role, a tier and a task")
            .RequireScope(Scopes.ModelsWrite).Refuses(400, 404);
    }

    private static async Task<Ok<PreferenceList>> List(ClaimsPrincipal caller, PreferenceStore preferences, CancellationToken cancellationToken)
    {
        var list = await preferences.ListAsync(caller.UserId(), cancellationToken);
        return TypedResults.Ok(new PreferenceList([.. list.Select(preference => new PreferenceAnswer(preference))]));
    }

    private static async Task<Results<Ok<PreferenceAnswer>, Refusal>> Put(
        PutPreferenceRequest request, ClaimsPrincipal caller, PreferenceStore preferences, CancellationToken cancellationToken)
    {
        var scope = new PreferenceScope(request.Platform == true, request.Role, request.Tier, request.Task);
        var change = await preferences.PutAsync(caller.UserId(), scope, [.. request.Models!.Select(model => ModelName.Read(model)!.Value)], cancellationToken);
        return change switch
        {
            { Row: { } preference } => TypedResults.Ok(new PreferenceAnswer(preference)),
            { Outcome: RowOutcome.UnknownModels } => Refusals.UnknownModels(change.Unknown),
            _ => No(change.Outcome),
        };
    }

    private static async Task<Results<NoContent, Refusal>> Delete(
        [FromQuery][Description("As it was said; absent when it was.")] string? role,
        [FromQuery][Description("As it was said; absent when it was.")] string? tier,
        [FromQuery][Description("As it was said; absent when it was.")] string? task,
        [FromQuery][Description("The platform's; administrators only.")] bool? platform,
        ClaimsPrincipal caller, PreferenceStore preferences, CancellationToken cancellationToken) =>
        !CanBe(role) || !CanBe(tier) || !CanBe(task) ? Refusals.NoPreference
            : await preferences.RemoveAsync(caller.UserId(), new PreferenceScope(platform == true, role, tier, task), cancellationToken) is not RowOutcome.Done and var outcome
            ? No(outcome)
            : TypedResults.NoContent();

    /// <summary>Not every text can be asked of the database: it has no U+0000.</summary>
    private static bool CanBe(string? word) => word is null || !word.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static Refusal No(RowOutcome outcome) => RowRefusals.Of(outcome, Refusals.NoPreference, Refusals.TooManyPreferences);
}
