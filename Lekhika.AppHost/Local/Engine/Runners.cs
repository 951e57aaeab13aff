using System.Net;
using Aspire.Hosting.ApplicationModel;
using Lekhika.AppHost.Local.Servers;

namespace Lekhika.AppHost.Local.Engine;

/// <summary>Makes the runner of each kind of resource, and puts its instances on the board.</summary>
internal sealed class Runners(string dataDirectory, ProjectEnvironment environment, Board board, ConsoleOutput output, IReadOnlyList<IResource> resources)
{
    private readonly HashSet<int> _ports = [];

    public IRunner Of(IResource resource) => resource switch
    {
        PostgresServerResource postgres => Supervise(resource, resource.Name, onLine => ServerLaunches.Of(postgres, dataDirectory, onLine)),
        RedisResource redis => Supervise(resource, resource.Name, onLine => ServerLaunches.Of(redis, dataDirectory, onLine)),
        PostgresDatabaseResource database => Register(new Instance(database.Name, database.Name), new DatabaseRunner(database, board)),
        ProjectResource project => Replicas(project),
        _ => throw new NotSupportedException($"The local engine cannot start '{resource.Name}', a {resource.GetType().Name}."),
    };

    private ReplicaRunner Replicas(ProjectResource project)
    {
        var count = project.All<ReplicasAnnotation>().LastOrDefault()?.Count ?? 1;
        foreach (var endpoint in project.All<EndpointAnnotation>())
        {
            endpoint.Allocate([.. Enumerable.Range(0, count).Select(replica => ChoosePort(project, replica == 0 ? endpoint.Port ?? 0 : 0))]);
        }

        // What others wait for to complete is meant to end; and its failure is theirs, not to be tried over and over.
        var restarts = !resources.SelectMany(other => other.All<WaitForAnnotation>()).Any(wait => wait.Dependency == project && wait.ExitCode is not null);
        return new ReplicaRunner([.. Enumerable.Range(0, count).Select(replica => Supervise(
            project, count == 1 ? project.Name : $"{project.Name}-{replica + 1}", onLine => ProjectLaunch.Of(project, replica, environment, restarts, onLine)))]);
    }

    private IRunner Supervise(IResource resource, string name, Func<Action<string>, Launch> launch)
    {
        var instance = new Instance(resource.Name, name);
        return Register(instance, new Supervisor(instance, launch(line => output.Line(resource.Name, name, line)), board, output));
    }

    private IRunner Register(Instance instance, IRunner runner)
    {
        board.Update(instance, snapshot => snapshot);
        return runner;
    }

    private int ChoosePort(ProjectResource resource, int wished)
    {
        if (wished is < 0 or > IPEndPoint.MaxPort)
        {
            throw new CannotStartException($"{wished} is not a port for '{resource.Name}': choose one from 1 to {IPEndPoint.MaxPort}.");
        }

        var port = FreePort.Prefer(wished);
        if (wished > 0 && port != wished)
        {
            output.Line(resource.Name, resource.Name, $"[port {wished} is taken, {port} is used]");
        }

        while (!_ports.Add(port))
        {
            port = FreePort.Any();
        }

        return port;
    }
}

/// <summary>Several processes of one project.</summary>
internal sealed class ReplicaRunner(IReadOnlyList<IRunner> replicas) : IRunner
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.WhenAll(replicas.Select(replica => replica.StartAsync(cancellationToken)));

    public async ValueTask DisposeAsync() => await Task.WhenAll(replicas.Select(replica => replica.DisposeAsync().AsTask()));
}
