using System.Diagnostics;
using System.Globalization;
using Lekhika.Api.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace Lekhika.Api.Errors;

/// <summary>
/// An answer that says no: a status, a code for programs and a sentence for people. On <c>engines-api</c> it is written in
/// the envelope that its clients know, elsewhere as a problem (RFC 9457).
/// </summary>
/// <param name="Code">Stable; listed in docs/api.md.</param>
internal sealed record Refusal(int Status, string Code, string Message) : IResult
{
    public const string TypePrefix = "urn:lekhika:error:";

    /// <summary>What programs may want besides the code: faults by field, faults of a workflow.</summary>
    public object? Details { get; init; }

    /// <summary>When another try may succeed.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public async Task ExecuteAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Status;
        if (RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        var (body, mediaType) = context.Request.Path.StartsWithSegments(EnginesApi.Prefix)
            ? (Envelope.Of(this, context.RequestServices.GetRequiredService<TimeProvider>()), "application/json; charset=utf-8")
            : ((object)Problem(context), "application/problem+json");
        await response.WriteAsJsonAsync(body, body.GetType(), options: null, mediaType, context.RequestAborted);
    }

    private ProblemDetails Problem(HttpContext context)
    {
        var problem = new ProblemDetails
        {
            Type = TypePrefix + Code,
            Title = ReasonPhrases.GetReasonPhrase(Status),
            Status = Status,
            Detail = Message,
            Instance = context.Request.Path,
            Extensions = { ["code"] = Code },
        };
        if (Details is not null)
        {
            problem.Extensions["errors"] = Details;
        }

        if (Status >= StatusCodes.Status500InternalServerError && Activity.Current is { } span)
        {
            problem.Extensions["traceId"] = span.TraceId.ToString();
        }

        return problem;
    }
}
