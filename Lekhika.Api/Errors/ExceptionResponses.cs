using System.Text.Json;
using Lekhika.Persistence.Secrets;
using Lekhika.Persistence.Storage;
using Lekhika.Persistence.Tenancy;
using Microsoft.AspNetCore.Diagnostics;

namespace Lekhika.Api.Errors;

/// <summary>What a request is told when something was thrown: the client's own faults exactly, ours by their trace id only.</summary>
internal sealed partial class ExceptionResponses(ILogger<ExceptionResponses> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        var refusal = exception switch
        {
            BadHttpRequestException bad => Bad(bad),
            SecretsException => Refusals.SecretsNotConfigured,
            DamagedFileException => Refusals.DamagedFile,
            StorageException => Refusals.StorageAway,
            _ when DatabaseFaults.IsAway(exception) => Refusals.Unavailable,
            _ => Refusals.Internal(),
        };
        if (refusal.Status >= StatusCodes.Status500InternalServerError)
        {
            Failed(log, exception, context.Request.Method, context.GetEndpoint()?.DisplayName);
        }

        await refusal.ExecuteAsync(context);
        return true;
    }

    private static Refusal Bad(BadHttpRequestException bad) => bad.StatusCode switch
    {
        StatusCodes.Status400BadRequest when bad.InnerException is JsonException json => Refusals.Malformed(
            $"The body is not the JSON that is expected, at {Shorten(json.Path)} (line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1}). The OpenAPI document describes it."),
        StatusCodes.Status400BadRequest => Refusals.Malformed("The request cannot be read: the body is missing or broken off, or a parameter has the wrong form. The OpenAPI document describes it."),
        var status => Refusals.OfStatus(status),
    };

    private static string Shorten(string? path) => path is null or "" ? "$" : path.Length <= 100 ? path : path[..100] + "…";

    [LoggerMessage(LogLevel.Error, "{Method} {Endpoint} failed")]
    private static partial void Failed(ILogger log, Exception exception, string method, string? endpoint);
}
