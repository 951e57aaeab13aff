using Aspire.Hosting.ApplicationModel;
using Lekhika.AppHost.Local.Engine;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

public interface IDistributedApplicationBuilder
{
    ConfigurationManager Configuration { get; }

    IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource;

    DistributedApplication Build();
}

public class DistributedApplication
{
    private readonly LocalEngine _engine;

    internal DistributedApplication(LocalEngine engine) => _engine = engine;

    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => new LocalBuilder(args);

    /// <summary>Runs until Ctrl+C or SIGTERM. What could not start is told in a sentence, and the process's exit code is then not 0.</summary>
    public virtual async Task RunAsync(CancellationToken cancellationToken = default) =>
        Environment.ExitCode = await _engine.RunAsync(cancellationToken);
}
