using Aspire.Hosting.ApplicationModel;
using Lekhika.AppHost.Local.Servers;
using Microsoft.Extensions.Configuration;

namespace Lekhika.AppHost.Local.Engine;

/// <summary>Starts the resources as processes of this machine, each when what it waits for is there, and stops them the other way round.</summary>
internal sealed class LocalEngine(IReadOnlyList<IResource> resources, IConfiguration configuration, ConsoleOutput output)
{
    private readonly Dictionary<IResource, IRunner> _runners = [];

    public Board Board { get; } = new();

    /// <returns>The process's exit code: 0 after a stop that was asked for.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var requests = new StopRequests();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, requests.Token);
        try
        {
            output.Say("Distributed application starting.");
            output.Say($"Application host directory is: {LocalBuilder.AppHostDirectory}");
            RequireServers();
            using var folder = DataFolder.Open(DataFolder.PathFrom(configuration));
            var watch = requests.WatchPrincipalAsync(stop.Token);
            await RunAsync(folder, stop.Token);
            await watch;
            output.Say("Distributed application stopped.");
            return 0;
        }
        catch (CannotStartException error)
        {
            output.Error(error.Message);
            return 1;
        }
    }

    private void RequireServers()
    {
        try
        {
            _ = resources.OfType<PostgresServerResource>().Any() ? ServerBinaries.PostgresFolder() : null;
            _ = resources.OfType<RedisResource>().Any() ? ServerBinaries.RedisServer() : null;
        }
        catch (FileNotFoundException error)
        {
            throw new CannotStartException(error.Message, error);
        }
    }

    private static void Require(StateFile? state)
    {
        try
        {
            state?.Write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"The state file cannot be written ({error.Message}). Choose another one with --Lekhika:StateFile=FILE.", error);
        }
    }

    private async Task RunAsync(DataFolder folder, CancellationToken stop)
    {
        var state = configuration["Lekhika:StateFile"] is { Length: > 0 } path ? new StateFile(path, folder.Path, Board) : null;
        Board.Observe(Show);
        foreach (var parameter in resources.OfType<ParameterResource>())
        {
            parameter.Resolve(configuration, folder.Secrets);
        }

        var environment = new ProjectEnvironment(await Dashboard.TelemetryAsync(configuration));
        var runners = new Runners(folder.Path, environment, Board, output, resources);
        foreach (var resource in resources.Where(resource => resource is not ParameterResource))
        {
            _runners[resource] = runners.Of(resource);
        }

        // From here on, the file shows every resource.
        Board.Observe((_, _, _) => state?.WriteIfPossible(output.Error));
        Require(state);
        var starts = _runners.Select(pair => StartAsync(pair.Key, pair.Value, stop)).ToList();
        await Task.WhenAll(starts);
        if (!stop.IsCancellationRequested)
        {
            output.Say("Distributed application started. Press Ctrl+C to shut down.");
            state?.MarkStarted(output.Error);
            if (await Dashboard.LoginUrlAsync(configuration) is { } login)
            {
                output.Say($"Login to the dashboard at {login}");
            }
        }

        await Task.Delay(Timeout.Infinite, stop).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        output.Say("Distributed application stopping.");
        await StopAsync();
    }

    private async Task StartAsync(IResource resource, IRunner runner, CancellationToken stop)
    {
        try
        {
            if (resource.All<WaitForAnnotation>().Any())
            {
                SetAll(resource, ResourceState.Waiting);
                await Dependencies.WaitAsync(resource, Board, stop);
            }

            await runner.StartAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            SetAll(resource, ResourceState.NotStarted);
        }
        catch (FileNotFoundException error)
        {
            output.Line(resource.Name, resource.Name, error.Message);
            SetAll(resource, ResourceState.RuntimeUnhealthy);
        }
        catch (Exception error)
        {
            output.Line(resource.Name, resource.Name, error.Message);
            SetAll(resource, ResourceState.FailedToStart);
        }
    }

    /// <summary>Nothing is stopped before those that wait for it have ended.</summary>
    private async Task StopAsync()
    {
        var stops = new Dictionary<IResource, Task>();
        await Task.WhenAll(_runners.Keys.Select(StopOnceAsync));

        Task StopOnceAsync(IResource resource) => stops.TryGetValue(resource, out var stop) ? stop : stops[resource] = StopOneAsync(resource);

        async Task StopOneAsync(IResource resource)
        {
            var dependents = _runners.Keys.Where(other => other.All<WaitForAnnotation>().Any(wait => wait.Dependency == resource));
            await Task.WhenAll(dependents.Select(StopOnceAsync).ToList());
            try
            {
                await _runners[resource].DisposeAsync();
            }
            catch (Exception error)
            {
                // The others are still to be stopped in order; what is left of this one ends with us.
                output.Line(resource.Name, resource.Name, error.Message);
            }
        }
    }

    private void SetAll(IResource resource, ResourceState state)
    {
        foreach (var (instance, _) in Board.Read().Where(entry => entry.Instance.Resource == resource.Name))
        {
            Board.Update(instance, _ => new ResourceSnapshot(state));
        }
    }

    private void Show(Instance instance, ResourceSnapshot before, ResourceSnapshot after)
    {
        var healthChanged = after.State == before.State && after.IsHealthy != before.IsHealthy;
        if (after.State != before.State || healthChanged)
        {
            var health = healthChanged || after.IsHealthy == true ? after.IsHealthy switch { true => ", healthy", false => ", unhealthy", null => "" } : "";
            var detail = after.ExitCode is { } code ? $", exit code {code}" : after.Url is { } url ? $", {url}" : "";
            output.Line(instance.Resource, instance.Name, $"[{after.State}{health}{detail}]");
        }
    }
}
