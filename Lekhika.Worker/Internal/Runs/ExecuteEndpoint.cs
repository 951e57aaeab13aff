using System.Diagnostics;
using Lekhika.Persistence.Submissions;
using Lekhika.Worker.Internal.Http;

namespace Lekhika.Worker.Internal.Runs;

/// <summary>Takes a run into the queue, checked as the Api checks it. The workflow that runs is the stored one.</summary>
internal static partial class ExecuteEndpoint
{
    public static void MapExecute(this IEndpointRouteBuilder app) => app.MapPost("/execute", Execute);

    private static async Task<IResult> Execute(ExecuteRequest request, HttpResponse response, Submitter submitter, ILogger<RunDesk> log, CancellationToken cancellationToken)
    {
        if (Refusal.Invalid([.. request.Faults()]) is { } invalid)
        {
            return invalid;
        }

        var outcome = await submitter.SubmitAsync(
            new(Guid.Parse(request.UserId!), Guid.Parse(request.Engine!), request.Form!, request.Options, request.IdempotencyKey), null, cancellationToken);
        if (outcome.Run is not { } run)
        {
            return Refusal.Of(outcome.Fault!);
        }

        if (!run.IsNew)
        {
            response.Headers["Idempotency-Replayed"] = "true";
        }

        Activity.Current?.SetTag(WorkerTelemetry.ExecutionId, run.Id);
        Taken(log, run.Id, run.IsNew);
        return TypedResults.Json(new ExecuteAnswer(true, run.Id, request.Ignored), statusCode: StatusCodes.Status202Accepted);
    }

    [LoggerMessage(LogLevel.Information, "Run {ExecutionId} was asked for at the internal port (new: {IsNew}).")]
    private static partial void Taken(ILogger log, Guid executionId, bool isNew);
}

/// <summary>A run that was accepted; GET /status/{id} follows it.</summary>
/// <param name="Ignored">Parts of the request that have no effect.</param>
internal sealed record ExecuteAnswer(bool Queued, Guid ExecutionId, IReadOnlyList<string> Ignored) : Answer;
