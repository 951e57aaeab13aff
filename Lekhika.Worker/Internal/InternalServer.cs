using Microsoft.Extensions.Options;

namespace Lekhika.Worker.Internal;

/// <summary>
/// Runs the internal endpoints beside the service's own: a web application of its own, so that neither port answers for the other,
/// whatever a request says in its Host header. It opens when everything else has started and closes before anything stops.
/// </summary>
internal sealed partial class InternalServer(IServiceProvider services, IOptions<InternalOptions> options, ILogger<InternalServer> log) : IHostedLifecycleService, IAsyncDisposable
{
    /// <summary>The running application; null when no port is set.</summary>
    public WebApplication? Application { get; private set; }

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        if (options.Value.InternalPort == 0)
        {
            return;
        }

        Application = InternalApplication.Build(services, options.Value);
        try
        {
            await Application.StartAsync(cancellationToken);
        }
        catch (IOException error)
        {
            throw new InvalidOperationException(
                $"The internal endpoints cannot listen on {options.Value.InternalAddress}, port {options.Value.InternalPort}: {error.Message} Choose another PORT, or leave it unset.", error);
        }

        if (options.Value.Secret is null)
        {
            Closed(log);
        }
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (Application is { } application)
        {
            await application.StopAsync(cancellationToken);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (Application is { } application)
        {
            await application.DisposeAsync();
        }
    }

    [LoggerMessage(LogLevel.Warning, "The internal endpoints refuse every request: INTERNAL_API_SECRET is not set.")]
    private static partial void Closed(ILogger log);
}
