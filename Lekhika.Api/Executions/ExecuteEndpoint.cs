using System.Security.Claims;
using System.Security.Cryptography;
using Lekhika.Api.Auth;
using Lekhika.Api.Errors;
using Lekhika.Api.Http;
using Lekhika.Api.OpenApi;
using Lekhika.Persistence.Engines;
using Lekhika.Persistence.Signals;
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
            .RequireScope(Scopes.EnginesRun).Refuses(400, 401, 403, 404, 409, 413, 415, 422, 429);

    private static async Task<Results<Accepted<Envelope<ExecuteAnswer>>, Refusal>> Execute(
        Guid userEngineId,
        ExecuteRequest request,
        HttpContext context,
        ClaimsPrincipal caller,
        SubmissionStore submissions,
        WakeUpSignals signals,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (!IdempotencyKey.TryRead(context.Request, userEngineId, request, out var idempotency))
        {
            return Refusals.BadIdempotencyKey;
        }

        var userId = caller.UserId();
        var ground = await submissions.PrepareAsync(userId, userEngineId, idempotency?.Key, cancellationToken);
        if (ground.Engine is not { } engine)
        {
            return Refusals.NoEngine;
        }

        if (ground.Earlier is { } earlier)
        {
            return Answer(earlier, engine, userId, idempotency, context.Response, time);
        }

        var (run, refusal) = Submission.Check(request, userId, engine, idempotency);
        if (run is null)
        {
            return refusal!;
        }

        var submitted = await submissions.SubmitAsync(run, cancellationToken);
        if (submitted.IsNew)
        {
            signals.Send(WakeUpTopic.Runs);
        }

        return Answer(submitted, engine, userId, idempotency, context.Response, time);
    }

    private static Results<Accepted<Envelope<ExecuteAnswer>>, Refusal> Answer(
        SubmittedRun run, UserEngine engine, Guid userId, IdempotentRequest? idempotency, HttpResponse response, TimeProvider time)
    {
        if (!run.IsNew)
        {
            if (!CryptographicOperations.FixedTimeEquals(run.RequestHash, idempotency?.Hash))
            {
                return Refusals.KeyReused;
            }

            response.Headers[IdempotencyKey.ReplayedHeader] = "true";
        }

        var statusUrl = $"{EnginesApi.Prefix}/executions/{run.Id}";
        var metadata = new ExecuteMetadata(engine.Summary.EngineId, engine.Summary.Id, engine.Summary.Name, userId, run.CreatedAt);
        return TypedResults.Accepted(statusUrl, Envelope.Of(
            new ExecuteAnswer(run.Id, "queued", statusUrl, "The book is queued. Follow it at statusUrl.", metadata), time));
    }
}
