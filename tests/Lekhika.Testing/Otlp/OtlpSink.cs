using System.Diagnostics;
using System.IO.Compression;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Lekhika.Testing.Otlp;

/// <summary>
/// A collector for tests: receives OTLP over http/protobuf (https://opentelemetry.io/docs/specs/otlp/#otlphttp) on a free
/// port of 127.0.0.1 and keeps what it got in memory.
/// </summary>
/// <remarks>
/// Activity sources are shared by a whole process: when several hosts run in the test's own process, each of them exports
/// the spans of all. Then look for trace ids and tell services apart by processes, or compare span ids.
/// </remarks>
public sealed class OtlpSink : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtlpSink(WebApplication app)
    {
        _app = app;
        app.MapPost("/v1/traces", context => Receive(context, request => Spans.Add(OtlpDecoder.Spans(request))));
        app.MapPost("/v1/logs", context => Receive(context, request => Logs.Add(OtlpDecoder.Logs(request))));
        app.MapPost("/v1/metrics", context => Receive(context, request => Metrics.Add(OtlpDecoder.Metrics(request))));
    }

    /// <summary>Spans, each when it has ended.</summary>
    public Received<ReceivedSpan> Spans { get; } =
        new("spans", span => $"{span.ServiceName} {span.TraceId} {span.Source}: {span.Name}");

    /// <summary>Log records.</summary>
    public Received<ReceivedLog> Logs { get; } = new("log records", log => $"{log.ServiceName} {log.Severity} {log.Category}: {log.Body}");

    /// <summary>Metrics; the same one arrives again with each export.</summary>
    public Received<ReceivedMetric> Metrics { get; } = new("metrics", metric => $"{metric.ServiceName} {metric.Meter}: {metric.Name}");

    /// <summary>The value for <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>.</summary>
    public Uri Endpoint => new(_app.Urls.Single());

    /// <summary>Starts listening.</summary>
    public static async Task<OtlpSink> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        // Under another name than ASP.NET Core's own, or a host in this process would export the sink's requests for ever.
        builder.Services.Replace(ServiceDescriptor.Singleton(new ActivitySource("OtlpSink")));
        var sink = new OtlpSink(builder.Build());
        await sink._app.StartAsync();
        return sink;
    }

    /// <summary>Environment variables that make a service report here, quickly.</summary>
    public IReadOnlyDictionary<string, string?> Settings(string serviceName) => new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Endpoint.ToString(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_SERVICE_NAME"] = serviceName,
        ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "100",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
    };

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static async Task Receive(HttpContext context, Action<ByteString> keep)
    {
        var zipped = context.Request.Headers.ContentEncoding == "gzip";
        await using var body = zipped ? new GZipStream(context.Request.Body, CompressionMode.Decompress) : context.Request.Body;
        keep(await ByteString.FromStreamAsync(body, context.RequestAborted));
        // An empty Export…ServiceResponse: everything was accepted.
        context.Response.ContentType = "application/x-protobuf";
    }
}
