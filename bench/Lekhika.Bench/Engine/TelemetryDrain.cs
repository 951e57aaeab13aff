using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Lekhika.Bench.Engine;

/// <summary>
/// Stands in for a collector: accepts OTLP over http/protobuf and drops it, so that the services send all of their telemetry and the
/// machine spends next to nothing on receiving it.
/// </summary>
internal sealed class TelemetryDrain : IAsyncDisposable
{
    private readonly WebApplication _app;
    private long _bytes;

    private TelemetryDrain(WebApplication app)
    {
        _app = app;
        app.Run(DrainAsync);
    }

    /// <summary>The value for <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>.</summary>
    public Uri Endpoint => new(_app.Urls.Single());

    /// <summary>How much has arrived so far.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    public static async Task<TelemetryDrain> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var drain = new TelemetryDrain(builder.Build());
        await drain._app.StartAsync();
        return drain;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task DrainAsync(HttpContext context)
    {
        var body = context.Request.BodyReader;
        while (await body.ReadAsync(context.RequestAborted) is var read)
        {
            Interlocked.Add(ref _bytes, read.Buffer.Length);
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        // An empty Export…ServiceResponse: everything was accepted.
        context.Response.ContentType = "application/x-protobuf";
    }
}
