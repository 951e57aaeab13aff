using Lekhika.Core.Executions.Submissions;
using Lekhika.Worker.Internal.Http;

namespace Lekhika.Worker.Internal.Self;

/// <summary>How this process is, and what it has logged.</summary>
internal static class SelfEndpoints
{
    private const int UsualLines = 100;

    public static void MapSelf(this IEndpointRouteBuilder app)
    {
        app.MapGet("/status", IResult (WorkerCondition condition) => TypedResults.Json(condition.Load()));
        app.MapGet("/health", Health);
        app.MapGet("/logs", Logs);
    }

    private static async Task<IResult> Health(WorkerCondition condition, CancellationToken cancellationToken)
    {
        var answer = await condition.HealthAsync(cancellationToken);
        return TypedResults.Json(answer, statusCode: answer.Status == "unhealthy" ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }

    private static IResult Logs(LogRing ring, int limit = UsualLines) =>
        limit is < 1 or > LogRing.MostLines
            ? Refusal.Invalid([new FieldFault("limit", $"A number of lines from 1 to {LogRing.MostLines}.")])!
            : TypedResults.Text(string.Concat(ring.Last(limit).Select(line => line + "\n")), "text/plain; charset=utf-8");
}
