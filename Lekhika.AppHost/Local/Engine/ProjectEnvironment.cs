using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;

namespace Lekhika.AppHost.Local.Engine;

/// <summary>What Aspire gives a project in run mode (ProjectResourceBuilderExtensions, OtlpConfigurationExtensions).</summary>
internal sealed class ProjectEnvironment(IReadOnlyDictionary<string, string> telemetry)
{
    /// <summary>The AppHost's own, which a project must not take for its own.</summary>
    private static readonly string[] Withheld =
    [
        "ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "DOTNET_LAUNCH_PROFILE",
        "ASPIRE_ALLOW_UNSECURED_TRANSPORT", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL",
    ];

    /// <summary>The settings of language models and of the store of files, keys among them, and what encrypts keys: only for those that AppHost.cs gives them to.</summary>
    private static readonly string[] Guarded = ["LEKHIKA_OPENAI_", "LEKHIKA_ANTHROPIC_", "LEKHIKA_GOOGLE_", "LEKHIKA_SECRETS_", "Storage__"];

    /// <summary>A null value takes an inherited variable away.</summary>
    public async Task<IReadOnlyDictionary<string, string?>> BuildAsync(ProjectResource project, string? url, CancellationToken cancellationToken)
    {
        var inherited = Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(name => Guarded.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)));
        var variables = Withheld.Concat(inherited).ToDictionary(name => name, string? (_) => null);
        variables["LOGGING__CONSOLE__FORMATTERNAME"] = "simple";
        variables["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = ConsoleOutput.InColour ? "true" : null;
        AddTelemetry(variables, project.Name);
        foreach (var annotation in project.All<EnvironmentAnnotation>())
        {
            variables[annotation.Name] = await annotation.Value.GetValueAsync(cancellationToken);
        }

        foreach (var reference in project.All<ServiceReferenceAnnotation>())
        {
            await AddServiceAsync(variables, reference.Service, cancellationToken);
        }

        if (url is not null)
        {
            variables["ASPNETCORE_URLS"] = url;
        }

        if (project.All<LaunchProfile>().FirstOrDefault() is { Name: not null } profile)
        {
            variables["DOTNET_LAUNCH_PROFILE"] = profile.Name;
            foreach (var (name, value) in profile.Environment)
            {
                variables.TryAdd(name, Environment.ExpandEnvironmentVariables(value));
            }
        }

        return variables;
    }

    private void AddTelemetry(Dictionary<string, string?> variables, string name)
    {
        foreach (var (variable, value) in telemetry)
        {
            variables[variable] = value;
        }

        variables["OTEL_SERVICE_NAME"] = name;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz", 8)}";
        variables["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
        variables["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
        variables["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
        variables["OTEL_TRACES_SAMPLER"] = "always_on";
        variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
        variables["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
    }

    private static async Task AddServiceAsync(Dictionary<string, string?> variables, IResource service, CancellationToken cancellationToken)
    {
        foreach (var endpoint in service.All<EndpointAnnotation>())
        {
            var ports = await endpoint.Allocated.WaitAsync(cancellationToken);
            for (var index = 0; index < ports.Count; index++)
            {
                variables[$"services__{service.Name}__{endpoint.Name}__{index}"] = $"http://127.0.0.1:{ports[index]}";
            }

            variables[$"{service.Name.ToUpperInvariant()}_{endpoint.Name.ToUpperInvariant()}"] = $"http://127.0.0.1:{ports[0]}";
        }
    }
}
