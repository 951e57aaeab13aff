using System.Security.Claims;
using Lekhika.Api.Auth;
using Lekhika.Api.Errors;
using Lekhika.Api.Http;
using Lekhika.Api.OpenApi;
using Lekhika.Persistence.Engines;
using Lekhika.Persistence.Submissions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lekhika.Api.Executions;

/// <summary>Takes a run into the queue.</summary>
internal static class ExecuteEndpoint
{
    public static void MapExecute(this RouteGroupBuilder engines) =>
        engines.MapPost("/{userEngineId:guid}/execute", Execute).WithName("execute").WithTags("Executions").WithSummary("Write a book")
            .WithDescription("""
                Checks everything, queues the run and answers at once; follow it at `statusUrl`. With the header `Idempotency-Key`
                a request can be repeated safely: the repeat answers the first run, with `Idempotency-Replayed: true`.
                """)
            .WithMetadata(new DocumentedHeader(IdempotencyKey.Header, "1 to 255 visible characters of your choice, another for each book."))
            .WithMetadata(new PreparedSubmission())
            .RequireScope(Scopes.EnginesRun).Refuses(400, 401, 403, 404, 409, 413, 415, 422, 429);

    private static async Task<Results<Accepted<Envelope<ExecuteAnswer>>, Refusal>> Execute(
        Guid userEngineId,
        ExecuteRequest request,
        HttpContext context,
        ClaimsPrincipal caller,
        Submitter submitter,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (!IdempotencyKey.TryRead(context.Request, out var key))
        {
            return Refusals.BadIdempotencyKey;
        }

        var userId = caller.UserId();
        var outcome = await submitter.SubmitAsync(new(userId, userEngineId, request.UserInput!, request.Options, key), context.Features.Get<SubmissionGround>(), cancellationToken);
        return outcome is { Run: { } run, Engine: { } engine } ? Answer(run, engine, userId, context.Response, time) : outcome.Fault!.Refusal();
    }

    private static Accepted<Envelope<ExecuteAnswer>> Answer(SubmittedRun run, UserEngine engine, Guid userId, HttpResponse response, TimeProvider time)
    {
        if (!run.IsNew)
        {
            response.Headers[IdempotencyKey.ReplayedHeader] = "true";
        }

        var statusUrl = $"{EnginesApi.Prefix}/executions/{run.Id}";
        var metadata = new ExecuteMetadata(engine.Summary.EngineId, engine.Summary.Id, engine.Summary.Name, userId, run.CreatedAt);
        return TypedResults.Accepted(statusUrl, Envelope.Of(
            new ExecuteAnswer(run.Id, "queued", statusUrl, "The book is queued. Follow it at statusUrl.", metadata), time));
    }
}
