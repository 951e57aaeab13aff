using System.Net;
using Lekhika.Core;
using Lekhika.Persistence.Operators;
using Lekhika.Persistence.Requests;
using Lekhika.Persistence.Signals;
using Lekhika.Persistence.Submissions;
using Lekhika.Worker.Internal.Http;
using Lekhika.Worker.Internal.Queue;
using Lekhika.Worker.Internal.Runs;
using Lekhika.Worker.Internal.Self;

namespace Lekhika.Worker.Internal;

/// <summary>The web application of the internal port. It reads no configuration and knows no more of the service than what is listed here.</summary>
internal static class InternalApplication
{
    private const int MaxBodyBytes = 1024 * 1024;

    private static readonly Type[] Shared =
    [
        typeof(ILoggerFactory), typeof(TimeProvider), typeof(OperatorStore), typeof(ExecutionStore), typeof(Submitter), typeof(RunRequestStore),
        typeof(StepRequestStore), typeof(RequestSignals), typeof(WakeUpSignals), typeof(WorkerCondition), typeof(LogRing),
    ];

    public static WebApplication Build(IServiceProvider service, InternalOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Listen(IPAddress.Parse(options.InternalAddress), options.InternalPort);
        });
        // Signals of the process are the service's own to hear.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        foreach (var type in Shared)
        {
            builder.Services.AddSingleton(type, service.GetRequiredService(type));
        }

        builder.Services.AddRequestTelemetry();
        builder.Services.AddRouting();
        builder.Services.ConfigureHttpJsonOptions(json => EdgeJson.Apply(json.SerializerOptions));
        // Else bad JSON is answered without a body.
        builder.Services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        builder.Services.AddSingleton(new Gate(options.Secret));
        builder.Services.AddSingleton<Failures>();
        builder.Services.AddSingleton<RunDesk>();

        var app = builder.Build();
        app.Use(app.Services.GetRequiredService<Failures>().InvokeAsync);
        app.Use(app.Services.GetRequiredService<Gate>().InvokeAsync);
        app.MapExecute();
        app.MapRuns();
        app.MapQueue();
        app.MapSelf();
        app.MapNotOffered();
        return app;
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
