using System.Diagnostics;
using Lekhika.ServiceDefaults.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using OpenTelemetry;

namespace Lekhika.ServiceDefaults.Telemetry;

/// <summary>
/// Completes the span that ASP.NET Core makes for a request as the conventions for HTTP servers ask
/// (https://opentelemetry.io/docs/specs/semconv/http/http-spans/): name, route, status and error. Health probes, and all
/// they cause, leave no trace.
/// </summary>
internal sealed class RequestTelemetryFilter : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(Invoke);
        next(app);
    };

    private static Task Invoke(HttpContext context, RequestDelegate next) =>
        context.Features.Get<IHttpActivityFeature>()?.Activity switch
        {
            null => next(context),
            var span when IsProbe(context.Request.Path) => Untraced(context, next, span),
            var span => Traced(context, next, span),
        };

    private static bool IsProbe(PathString path) => path == HealthEndpoints.Ready || path == HealthEndpoints.Live;

    private static async Task Untraced(HttpContext context, RequestDelegate next, Activity span)
    {
        span.IsAllDataRequested = false;
        span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        using (SuppressInstrumentationScope.Begin())
        {
            await next(context);
        }
    }

    private static async Task Traced(HttpContext context, RequestDelegate next, Activity span)
    {
        try
        {
            await next(context);
            var handled = context.Features.Get<IExceptionHandlerFeature>();
            Complete(context, span, context.Response.StatusCode, handled?.Error, handled?.Endpoint ?? context.GetEndpoint());
        }
        catch (Exception thrown)
        {
            Complete(context, span, StatusOf(context, thrown), thrown, context.GetEndpoint());
            throw;
        }
    }

    // What the server is about to answer: it decides after the span's last middleware.
    private static int StatusOf(HttpContext context, Exception thrown) => thrown switch
    {
        _ when context.Response.HasStarted => context.Response.StatusCode,
        _ when context.RequestAborted.IsCancellationRequested => StatusCodes.Status499ClientClosedRequest,
        BadHttpRequestException bad => bad.StatusCode,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static void Complete(HttpContext context, Activity span, int status, Exception? thrown, Endpoint? endpoint)
    {
        if (!span.IsAllDataRequested)
        {
            return;
        }

        if ((endpoint as RouteEndpoint)?.RoutePattern.RawText is { } route)
        {
            route = "/" + route.TrimStart('/');
            span.SetTag("http.route", route);
            span.DisplayName = $"{context.Request.Method} {route}";
        }

        span.SetTag("http.response.status_code", status);
        var brokenOff = thrown is not null && context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested;
        if (status >= StatusCodes.Status500InternalServerError || brokenOff)
        {
            span.SetTag("error.type", thrown?.GetType().FullName ?? status.ToString());
            span.SetStatus(ActivityStatusCode.Error);
        }
    }
}
