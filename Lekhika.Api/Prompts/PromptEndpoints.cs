using System.Security.Claims;
using Lekhika.Api.Auth;
using Lekhika.Api.Errors;
using Lekhika.Api.Http;
using Lekhika.Api.Models;
using Lekhika.Api.OpenApi;
using Lekhika.Core.Prompts;
using Lekhika.Persistence.Prompts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lekhika.Api.Prompts;

/// <summary>The platform's prompts, which administrators publish in versions.</summary>
internal static class PromptEndpoints
{
    public static void MapPrompts(this IEndpointRouteBuilder app)
    {
        var group = app.MapOwn("/v1/prompts").WithTags("Prompts");
        group.MapGet("", List).WithName("listPrompts").WithSummary("The platform's prompts as they are in force, by kind of answer").RequireScope(Scopes.ModelsRead);
        group.MapGet("/{kind}", Get).WithName("getPrompt").WithSummary("A kind of prompt with its versions").RequireScope(Scopes.ModelsRead).Refuses(400, 404);
        group.MapPost("/{kind}", Publish).WithName("publishPrompt").WithSummary("Publish a version of a prompt")
            .WithDescription("""
                Administrators only. Runs that are submitted from now on have it; those there are keep theirs. A version never changes: to take one back, publish an older one
                anew with `restoreVersion`. A part that is left out is the embedded text. A node's own prompts win over these.
                """)
            .RequireScope(Scopes.ModelsWrite).Refuses(400, 404, 412, 413, 415);
    }

    private static async Task<Ok<PromptList>> List(ClaimsPrincipal caller, PromptStore prompts, CancellationToken cancellationToken)
    {
        var published = (await prompts.InForceAsync(caller.UserId(), cancellationToken)).ToDictionary(prompt => prompt.Template.Kind);
        return TypedResults.Ok(new PromptList([.. PromptTexts.Kinds.Select(kind => PromptAnswer.Of(kind, published.GetValueOrDefault(kind)))]));
    }

    private static async Task<Results<Ok<PromptDetail>, Refusal>> Get(
        string kind, [AsParameters] PageQuery query, ClaimsPrincipal caller, PromptStore prompts, CancellationToken cancellationToken)
    {
        if (!PromptTexts.Kinds.Contains(kind))
        {
            return Refusals.NoPrompt;
        }

        var (published, page) = await prompts.ListAsync(caller.UserId(), kind, query.Request, cancellationToken);
        var inForce = PromptAnswer.Of(kind, published);
        return TypedResults.Ok(new PromptDetail(
            kind, inForce.Version, inForce, new PromptTextsAnswer(PromptTexts.System(kind), PromptTexts.Task(kind)), [.. PromptRules.Variables(kind).Order(StringComparer.Ordinal)],
            [.. page.Items.Select(version => new PromptVersionAnswer(version))], PageCursor.Write(page.Next)));
    }

    private static async Task<Results<Created<PromptVersionAnswer>, Refusal>> Publish(
        string kind, PublishPromptRequest request, ClaimsPrincipal caller, PromptStore prompts, CancellationToken cancellationToken)
    {
        if (!PromptTexts.Kinds.Contains(kind))
        {
            return Refusals.NoPrompt;
        }

        if (request.Faults(kind) is { Count: > 0 } faults)
        {
            return Refusals.Invalid(faults);
        }

        var template = new PromptTemplate(kind, request.ExpectedVersion!.Value + 1, request.System, request.Task);
        if (request.RestoreVersion is > 0 and var older)
        {
            if (await prompts.FindAsync(caller.UserId(), kind, older, cancellationToken) is not { } found)
            {
                return Refusals.Invalid(new Dictionary<string, string[]> { ["restoreVersion"] = [$"There is no version {older} of {kind}."] });
            }

            template = template with { System = found.Template.System, Task = found.Template.Task };
        }

        var change = await prompts.PublishAsync(caller.UserId(), template, request.Note, cancellationToken);
        return change.Row is { } made
            ? TypedResults.Created($"/v1/prompts/{kind}", new PromptVersionAnswer(made))
            : RowRefusals.Of(change.Outcome, Refusals.NoPrompt, Refusals.NoPrompt);
    }
}
