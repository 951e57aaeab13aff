using System.Security.Claims;
using Lekhika.Api.Auth;
using Lekhika.Api.Errors;
using Lekhika.Api.Http;
using Lekhika.Api.OpenApi;
using Lekhika.Persistence.Models;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lekhika.Api.Models;

/// <summary>The models of providers and what they cost.</summary>
internal static class ModelEndpoints
{
    public static void MapModels(this IEndpointRouteBuilder app)
    {
        var ofProvider = app.MapOwn("/v1/providers/{providerId:guid}/models").WithTags("Providers and models");
        ofProvider.MapGet("", List).WithName("listModels").WithSummary("A provider's models, the newest first").RequireScope(Scopes.ModelsRead).Refuses(400, 404);
        ofProvider.MapPost("", Create).WithName("createModel").WithSummary("Add a model to a provider").RequireScope(Scopes.ModelsWrite).Refuses(400, 404, 409, 413, 415);
        var one = app.MapOwn("/v1/models/{modelId:guid}").WithTags("Providers and models");
        one.MapGet("", Get).WithName("getModel").WithSummary("A model with its newest price").RequireScope(Scopes.ModelsRead).Refuses(404);
        one.MapPut("", Put).WithName("putModel").WithSummary("Say other things of a model")
            .WithDescription("A price that differs from the newest becomes its next version; what was used before keeps the price it was used at.")
            .WithMetadata(ProviderEndpoints.IfMatch).RequireScope(Scopes.ModelsWrite).Refuses(400, 404, 412, 413, 415);
        one.MapDelete("", Delete).WithName("deleteModel").WithSummary("Remove a model with its prices").RequireScope(Scopes.ModelsWrite).Refuses(404);
    }

    private static async Task<Results<Ok<ModelPage>, Refusal>> List(
        Guid providerId, [AsParameters] PageQuery query, ClaimsPrincipal caller, ModelStore models, CancellationToken cancellationToken) =>
        await models.ListAsync(caller.UserId(), providerId, query.Request, cancellationToken) is { } page
            ? TypedResults.Ok(new ModelPage([.. page.Items.Select(model => new ModelAnswer(model))], PageCursor.Write(page.Next)))
            : Refusals.NoProvider;

    private static async Task<Results<Created<ModelAnswer>, Refusal>> Create(
        Guid providerId, ModelRequest request, HttpResponse response, ClaimsPrincipal caller, ModelStore models, CancellationToken cancellationToken)
    {
        var change = await models.AddAsync(caller.UserId(), providerId, request.Facts, request.Price?.Figures, cancellationToken);
        if (change.Row is not { } made)
        {
            return RowRefusals.Of(change.Outcome, Refusals.NoProvider, Refusals.TooManyModels);
        }

        RowTag.Set(response, made.UpdatedAt);
        return TypedResults.Created($"/v1/models/{made.Id}", new ModelAnswer(made));
    }

    private static async Task<Results<Ok<ModelAnswer>, Refusal>> Get(
        Guid modelId, HttpResponse response, ClaimsPrincipal caller, ModelStore models, CancellationToken cancellationToken) =>
        await models.FindAsync(caller.UserId(), modelId, cancellationToken) is { } model ? Answer(model, response) : Refusals.NoModel;

    private static async Task<Results<Ok<ModelAnswer>, Refusal>> Put(
        Guid modelId, ModelRequest request, HttpContext context, ClaimsPrincipal caller, ModelStore models, CancellationToken cancellationToken)
    {
        if (!RowTag.TryReadSeen(context.Request, out var seen))
        {
            return Refusals.BadVersionTag;
        }

        var change = await models.UpdateAsync(caller.UserId(), modelId, request.Facts, request.Price?.Figures, seen, cancellationToken);
        return change switch
        {
            { Row: { } model } => Answer(model, context.Response),
            { Outcome: RowOutcome.Taken } => Refusals.Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { ["modelId"] = ["A model's id never changes. Add another model instead."] }),
            _ => RowRefusals.Of(change.Outcome, Refusals.NoModel, Refusals.TooManyModels),
        };
    }

    private static async Task<Results<NoContent, Refusal>> Delete(Guid modelId, ClaimsPrincipal caller, ModelStore models, CancellationToken cancellationToken) =>
        await models.RemoveAsync(caller.UserId(), modelId, cancellationToken) is not RowOutcome.Done and var outcome
            ? RowRefusals.Of(outcome, Refusals.NoModel, Refusals.TooManyModels)
            : TypedResults.NoContent();

    private static Ok<ModelAnswer> Answer(Model model, HttpResponse response)
    {
        RowTag.Set(response, model.UpdatedAt);
        return TypedResults.Ok(new ModelAnswer(model));
    }
}
