using System.Reflection;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Lekhika.AppHost.Local.Engine;

/// <summary>Collects the resources. Configuration: environment variables, then the command line (<c>--Lekhika:ApiPort=5190</c>).</summary>
internal sealed class LocalBuilder : IDistributedApplicationBuilder
{
    private readonly List<IResource> _resources = [];

    public LocalBuilder(string[] args) => Configuration.AddEnvironmentVariables().AddCommandLine(args);

    public ConfigurationManager Configuration { get; } = new();

    /// <summary>Where the AppHost's project is, as known when it was built.</summary>
    public static string AppHostDirectory { get; } = Metadata("AppHostDirectory") ?? AppContext.BaseDirectory;

    /// <summary>A value that the build wrote into this assembly (Local.props).</summary>
    public static string? Metadata(string key) =>
        typeof(LocalBuilder).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(attribute => attribute.Key == key)?.Value;

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        if (_resources.Any(other => other.Name == resource.Name))
        {
            throw new ArgumentException($"There are two resources named '{resource.Name}'.", nameof(resource));
        }

        _resources.Add(resource);
        return new ResourceBuilder<T>(this, resource);
    }

    public DistributedApplication Build() => new(BuildEngine(Console.Out, Console.Error));

    public LocalEngine BuildEngine(TextWriter output, TextWriter error)
    {
        var shown = _resources.Where(resource => resource is not ParameterResource).Select(resource => resource.Name);
        return new LocalEngine(_resources, Configuration, new ConsoleOutput(shown, output, error));
    }
}
