using System.Diagnostics;
using System.Text.Json;
using Lekhika.Persistence.Tenancy;

namespace Lekhika.Worker.Internal.Http;

/// <summary>Gives every error a body: the client's own faults exactly, ours by their trace id only.</summary>
internal sealed partial class Failures(ILogger<Failures> log)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null })
            {
                await OfStatus(context.Response.StatusCode).ExecuteAsync(context);
            }
        }
        catch (Exception error) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            var refusal = Of(error);
            if (refusal.Status >= StatusCodes.Status500InternalServerError)
            {
                Failed(log, error, context.Request.Method, context.GetEndpoint()?.DisplayName);
                Activity.Current?.SetStatus(ActivityStatusCode.Error, error.GetType().Name);
            }

            await refusal.ExecuteAsync(context);
        }
    }

    private static Refusal Of(Exception error) => error switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest, InnerException: JsonException json } => new(
            400, "malformed_request", $"The body is not the JSON that is expected, at {Shorten(json.Path)} (line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1})."),
        BadHttpRequestException bad => OfStatus(bad.StatusCode),
        _ when DatabaseFaults.IsAway(error) => new(503, "unavailable", "The database does not answer at the moment. Try again shortly."),
        _ => new(500, "internal", "Something went wrong on our side. It was recorded.") { TraceId = Activity.Current?.TraceId.ToString() },
    };

    private static Refusal OfStatus(int status) => status switch
    {
        400 => new(400, "malformed_request", "The request cannot be read: the body is missing or broken off, or a parameter has the wrong form."),
        404 => Refusal.NotFound,
        405 => new(405, "method_not_allowed", "This address does not know the method; the header Allow names those it knows."),
        413 => new(413, "body_too_large", "The body is larger than 1 MB."),
        415 => new(415, "unsupported_media_type", "The body must be JSON, with the header 'Content-Type: application/json'."),
        _ => new(status, "refused", "The request was refused."),
    };

    private static string Shorten(string? path) => path is null or "" ? "$" : path.Length <= 100 ? path : path[..100] + "…";

    [LoggerMessage(LogLevel.Error, "{Method} {Endpoint} failed")]
    private static partial void Failed(ILogger log, Exception exception, string method, string? endpoint);
}
