using System.Runtime.InteropServices;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Lekhika.AppHost.Local.Processes;

namespace Lekhika.AppHost.Local.Engine;

/// <summary>How a .NET project is started: its assembly as the build left it, in its own folder.</summary>
internal static class ProjectLaunch
{
    /// <summary>Time for a service to hand back its work after SIGTERM.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    private static readonly string Dotnet =
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));

    public static Launch Of(ProjectResource project, int replica, ProjectEnvironment environment, bool restarts, Action<string> onLine)
    {
        var endpoint = project.All<EndpointAnnotation>().FirstOrDefault();
        var check = project.All<HttpHealthAnnotation>().FirstOrDefault();
        return new Launch(
            async cancellationToken =>
            {
                var url = await UrlAsync(endpoint, replica);
                var command = CommandOf(project) with { Environment = await environment.BuildAsync(project, url, cancellationToken) };
                var child = await ChildProcess.StartAsync(command, onLine);
                return new Running(child.Id, url, child.Exited, () => child.StopAsync(Signal.Terminate, Grace));
            },
            check is null || endpoint is null ? null : async cancellationToken => await AnswersAsync($"{await UrlAsync(endpoint, replica)}{check.Path}", cancellationToken),
            restarts);
    }

    private static ChildCommand CommandOf(ProjectResource project)
    {
        if (project.All<CommandAnnotation>().FirstOrDefault() is { } other)
        {
            return other.Command;
        }

        var path = project.All<IProjectMetadata>().Single().ProjectPath;
        return new ChildCommand(Dotnet, LocalBuilder.Metadata(path) ?? throw new InvalidOperationException($"'{path}' is not a project reference of the AppHost."))
        {
            WorkingDirectory = Path.GetDirectoryName(path),
        };
    }

    private static async Task<string?> UrlAsync(EndpointAnnotation? endpoint, int replica) =>
        endpoint is null ? null : $"http://127.0.0.1:{(await endpoint.Allocated)[replica]}";

    private static async Task<bool> AnswersAsync(string url, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri(url), cancellationToken);
            return answer.StatusCode == System.Net.HttpStatusCode.OK;
        }
        catch (Exception error) when (error is HttpRequestException or IOException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}

/// <summary>Starts something other than the project's assembly; the tests' seam.</summary>
internal sealed record CommandAnnotation(ChildCommand Command) : IResourceAnnotation;
