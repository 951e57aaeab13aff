using System.Security.Claims;
using FluentValidation;
using Lekhika.Api.Auth;
using Lekhika.Api.Errors;
using Lekhika.Api.Http;
using Lekhika.Api.OpenApi;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Engines;
using Lekhika.Persistence.Models;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Lekhika.Api.Engines;

/// <summary>The workflows of the caller's engines, as versions that never change, for editors.</summary>
internal static class WorkflowEndpoints
{
    public static IServiceCollection AddWorkflows(this IServiceCollection services) =>
        services.AddSingleton<IValidator<ChooseVersionRequest>, ChooseVersionRequestValidator>();

    public static void MapWorkflows(this IEndpointRouteBuilder app)
    {
        var ifMatch = new DocumentedHeader("If-Match", "The ETag that you read: refused with 412 when another version is current by now.");
        var workflow = app.MapOwn("/v1/engines/{userEngineId:guid}/workflow").WithTags("Workflows");
        workflow.MapGet("", Get).WithName("getWorkflow").WithSummary("The workflow that an engine's next run gets")
            .WithDescription("The ETag is the version's id; send it in `If-Match` with a change.")
            .RequireScope(Scopes.EnginesRun).Refuses(404);
        workflow.MapPut("", Put).WithName("putWorkflow").WithSummary("Give an engine another workflow")
            .WithDescription("Stores a new version and makes it the current one. Runs keep the version that they were submitted with.")
            .WithMetadata(ifMatch).RequireScope(Scopes.EnginesWrite).Refuses(400, 404, 412, 413, 415, 422);
        workflow.MapGet("/versions", List).WithName("listWorkflowVersions").WithSummary("The versions of an engine's workflow, the newest first")
            .RequireScope(Scopes.EnginesRun).Refuses(400, 404);
        workflow.MapPut("/current", Choose).WithName("chooseWorkflowVersion").WithSummary("Give an engine an earlier version of its workflow back")
            .WithMetadata(ifMatch).RequireScope(Scopes.EnginesWrite).Refuses(400, 404, 412, 413, 415);
        app.MapOwn("/v1/workflows").WithTags("Workflows").MapPost("/validate", Validate).WithName("validateWorkflow").WithSummary("What keeps a workflow from running?")
            .WithDescription("Tells every fault with the nodes it is about; nothing is stored.")
            .RequireScope(Scopes.EnginesRun).Refuses(400, 413, 415);
    }

    private static async Task<Results<Ok<EngineWorkflowAnswer>, Refusal>> Get(
        Guid userEngineId, HttpResponse response, ClaimsPrincipal caller, WorkflowVersionStore versions, CancellationToken cancellationToken)
    {
        if (await versions.CurrentAsync(caller.UserId(), userEngineId, cancellationToken) is not { } current)
        {
            return Refusals.NoEngine;
        }

        var (version, stored) = (current.Version, StoredWorkflow.Read(current.Definition));
        response.Headers.ETag = Tag(version.Id).ToString();
        return TypedResults.Ok(new EngineWorkflowAnswer(version.Id, version.Number, version.CreatedAt, stored.Definition, stored.Faults));
    }

    private static async Task<Results<Ok<WorkflowVersionAnswer>, Refusal>> Put(
        Guid userEngineId, WorkflowDefinition workflow, HttpContext context, ClaimsPrincipal caller, WorkflowVersionStore versions, UsableModelStore models, CancellationToken cancellationToken)
    {
        if (!TryReadSeen(context.Request, out var seen))
        {
            return Refusals.BadVersionTag;
        }

        var sent = SentWorkflow.Check(workflow, await models.KnownAsync(caller.UserId(), cancellationToken));
        return sent.Definition is { } definition
            ? Answer(await versions.AddAsync(caller.UserId(), userEngineId, definition, seen, cancellationToken), context.Response)
            : Refusals.BadWorkflow(sent.Faults);
    }

    private static async Task<Results<Ok<WorkflowVersionPage>, Refusal>> List(
        Guid userEngineId, [AsParameters] PageQuery query, ClaimsPrincipal caller, WorkflowVersionStore versions, CancellationToken cancellationToken) =>
        await versions.ListAsync(caller.UserId(), userEngineId, query.Request, cancellationToken) is { } page
            ? TypedResults.Ok(new WorkflowVersionPage([.. page.Items.Select(version => new WorkflowVersionAnswer(version))], PageCursor.Write(page.Next)))
            : Refusals.NoEngine;

    private static async Task<Results<Ok<WorkflowVersionAnswer>, Refusal>> Choose(
        Guid userEngineId, ChooseVersionRequest request, HttpContext context, ClaimsPrincipal caller, WorkflowVersionStore versions, CancellationToken cancellationToken) =>
        TryReadSeen(context.Request, out var seen)
            ? Answer(await versions.ChooseAsync(caller.UserId(), userEngineId, request.VersionId!.Value, seen, cancellationToken), context.Response)
            : Refusals.BadVersionTag;

    private static async Task<Ok<WorkflowFaultsAnswer>> Validate(WorkflowDefinition workflow, ClaimsPrincipal caller, UsableModelStore models, CancellationToken cancellationToken) =>
        TypedResults.Ok(new WorkflowFaultsAnswer(SentWorkflow.Check(workflow, await models.KnownAsync(caller.UserId(), cancellationToken)).Faults));

    private static Results<Ok<WorkflowVersionAnswer>, Refusal> Answer((VersionOutcome Outcome, WorkflowVersion? Version) change, HttpResponse response)
    {
        if (change.Version is not { } version)
        {
            return change.Outcome switch
            {
                VersionOutcome.Conflict => Refusals.VersionConflict,
                VersionOutcome.NoVersion => Refusals.NoVersion,
                _ => Refusals.NoEngine,
            };
        }

        response.Headers.ETag = Tag(version.Id).ToString();
        return TypedResults.Ok(new WorkflowVersionAnswer(version));
    }

    private static EntityTagHeaderValue Tag(Guid versionId) => new($"\"{versionId}\"");

    /// <summary>The version that the caller takes to be current; null when any will do. False when the header says something else.</summary>
    private static bool TryReadSeen(HttpRequest request, out Guid? seen)
    {
        seen = null;
        if (StringValues.IsNullOrEmpty(request.Headers.IfMatch) || request.Headers.IfMatch == "*")
        {
            return true;
        }

        // One tag: an editor has read one version.
        if (EntityTagHeaderValue.TryParseList(request.Headers.IfMatch, out var tags) && tags is [{ IsWeak: false } tag] && Guid.TryParse(tag.Tag.AsSpan().Trim('"'), out var id))
        {
            seen = id;
            return true;
        }

        return false;
    }
}
