using System.Text.Json;
using Aspire.Hosting.ApplicationModel;

namespace Lekhika.AppHost.Local.Engine;

/// <summary>The first "Project" profile of a project's Properties/launchSettings.json.</summary>
/// <param name="Name">Null when there is no such file.</param>
/// <param name="Port">Of the first http address; null when it serves nothing.</param>
internal sealed record LaunchProfile(string? Name, int? Port, IReadOnlyDictionary<string, string> Environment) : IResourceAnnotation
{
    public static LaunchProfile Of(string projectPath)
    {
        var file = Path.Combine(Path.GetDirectoryName(projectPath)!, "Properties", "launchSettings.json");
        if (!File.Exists(file))
        {
            return new LaunchProfile(null, null, new Dictionary<string, string>());
        }

        using var settings = JsonDocument.Parse(File.ReadAllText(file), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        var profile = settings.RootElement.GetProperty("profiles").EnumerateObject()
            .First(profile => profile.Value.GetProperty("commandName").GetString() == "Project");
        var urls = profile.Value.TryGetProperty("applicationUrl", out var value) ? value.GetString()!.Split(';') : [];
        var address = urls.Select(url => new Uri(url)).FirstOrDefault(url => url.Scheme == "http");
        var environment = profile.Value.TryGetProperty("environmentVariables", out var variables)
            ? variables.EnumerateObject().ToDictionary(variable => variable.Name, variable => variable.Value.GetString()!)
            : [];
        return new LaunchProfile(profile.Name, address?.Port, environment);
    }
}
