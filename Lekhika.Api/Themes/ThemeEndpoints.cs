using System.Security.Claims;
using FluentValidation;
using Lekhika.Api.Auth;
using Lekhika.Api.Errors;
using Lekhika.Api.Http;
using Lekhika.Api.Models;
using Lekhika.Api.OpenApi;
using Lekhika.Core.Exports;
using Lekhika.Persistence.Models;
using Lekhika.Persistence.Themes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lekhika.Api.Themes;

/// <summary>What books look like: the themes that come with Lekhika, and users' own.</summary>
internal static class ThemeEndpoints
{
    public static IServiceCollection AddThemes(this IServiceCollection services) => services.AddSingleton<IValidator<PutThemeRequest>, PutThemeRequestValidator>();

    public static void MapThemes(this IEndpointRouteBuilder app)
    {
        app.MapExportOptions();
        var group = app.MapOwn("/v1/themes").WithTags("Themes and settings");
        group.MapGet("", List).WithName("listThemes").WithSummary("The themes that come with Lekhika and your own, with their whole design").RequireScope(Scopes.ModelsRead);
        group.MapPost("", Create).WithName("createTheme").WithSummary("Make a theme of your own")
            .WithDescription("Settings under a name, over one of the themes that come with Lekhika. `theme` of settings may then be its id. At most 50.")
            .RequireScope(Scopes.ModelsWrite).Refuses(400, 409, 413, 415);
        group.MapGet("/{themeId}", Get).WithName("getTheme").WithSummary("A theme").RequireScope(Scopes.ModelsRead).Refuses(404);
        group.MapPut("/{themeId}", Put).WithName("putTheme").WithSummary("Replace a theme of your own")
            .WithDescription("Executions and orders of files take what a theme says when they come in: those that are there do not change.")
            .WithMetadata(ProviderEndpoints.IfMatch).RequireScope(Scopes.ModelsWrite).Refuses(400, 404, 409, 412, 413, 415);
        group.MapDelete("/{themeId}", Delete).WithName("deleteTheme").WithSummary("Remove a theme of your own")
            .WithDescription("Executions and orders of files that came in with it keep what it said.")
            .WithMetadata(ProviderEndpoints.IfMatch).RequireScope(Scopes.ModelsWrite).Refuses(400, 404, 409, 412);
    }

    private static async Task<Ok<ThemeList>> List(ClaimsPrincipal caller, ThemeStore themes, CancellationToken cancellationToken)
    {
        var own = await themes.ListAsync(caller.UserId(), cancellationToken);
        return TypedResults.Ok(new ThemeList([.. Theme.All.Select(theme => new ThemeAnswer(theme)), .. own.Select(theme => new ThemeAnswer(theme))]));
    }

    private static async Task<Results<Created<ThemeAnswer>, Refusal>> Create(
        PutThemeRequest request, HttpResponse response, ClaimsPrincipal caller, ThemeStore themes, CancellationToken cancellationToken)
    {
        var change = await themes.AddAsync(caller.UserId(), request.Theme, cancellationToken);
        if (change.Row is not { } made)
        {
            return No(change.Outcome);
        }

        RowTag.Set(response, made.UpdatedAt);
        return TypedResults.Created($"/v1/themes/{made.Id}", new ThemeAnswer(made));
    }

    private static async Task<Results<Ok<ThemeAnswer>, Refusal>> Get(
        string themeId, HttpResponse response, ClaimsPrincipal caller, ThemeStore themes, CancellationToken cancellationToken)
    {
        if (Theme.Find(themeId) is { } builtIn)
        {
            return TypedResults.Ok(new ThemeAnswer(builtIn));
        }

        return Theme.OwnId(themeId) is { } id && await themes.FindAsync(caller.UserId(), id, cancellationToken) is { } theme
            ? Answer(theme, response)
            : Refusals.NoTheme;
    }

    private static async Task<Results<Ok<ThemeAnswer>, Refusal>> Put(
        string themeId, PutThemeRequest request, HttpContext context, ClaimsPrincipal caller, ThemeStore themes, CancellationToken cancellationToken)
    {
        if (!TryFind(themeId, context.Request, out var id, out var seen, out var refusal))
        {
            return refusal;
        }

        var change = await themes.UpdateAsync(caller.UserId(), id, request.Theme, seen, cancellationToken);
        return change.Row is { } theme ? Answer(theme, context.Response) : No(change.Outcome);
    }

    private static async Task<Results<NoContent, Refusal>> Delete(string themeId, HttpRequest request, ClaimsPrincipal caller, ThemeStore themes, CancellationToken cancellationToken)
    {
        if (!TryFind(themeId, request, out var id, out var seen, out var refusal))
        {
            return refusal;
        }

        return await themes.RemoveAsync(caller.UserId(), id, seen, cancellationToken) is not RowOutcome.Done and var outcome ? No(outcome) : TypedResults.NoContent();
    }

    /// <summary>Which theme of the caller's own is to be changed, and which version of it; false with the reason when it cannot be.</summary>
    private static bool TryFind(string themeId, HttpRequest request, out Guid id, out DateTime? seen, out Refusal refusal)
    {
        id = Theme.OwnId(themeId) ?? Guid.Empty;
        var isTag = RowTag.TryReadSeen(request, out seen);
        refusal = Theme.Find(themeId) is not null ? Refusals.BuiltInTheme : !isTag ? Refusals.BadVersionTag : Refusals.NoTheme;
        return isTag && id != Guid.Empty;
    }

    private static Ok<ThemeAnswer> Answer(StoredTheme theme, HttpResponse response)
    {
        RowTag.Set(response, theme.UpdatedAt);
        return TypedResults.Ok(new ThemeAnswer(theme));
    }

    private static Refusal No(RowOutcome outcome) => RowRefusals.Of(outcome, Refusals.NoTheme, Refusals.TooManyThemes);
}
