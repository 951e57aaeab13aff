using System.Text.Json;

namespace Lekhika.Run.Host;

/// <summary>What the AppHost writes about itself into its state file (<c>Lekhika:StateFile</c>).</summary>
internal sealed record AppHostState(bool Started, string DataDirectory, int ProcessId, IReadOnlyDictionary<string, ResourceState> Resources)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Everything started, and is healthy or has done its work.</summary>
    public bool IsReady => Started && Resources.Values.All(resource => resource.IsReady);

    /// <summary>The name of the first resource that cannot start; null when all may still become well.</summary>
    public string? Hopeless => Resources.FirstOrDefault(resource => resource.Value.State is "FailedToStart" or "RuntimeUnhealthy").Key;

    /// <summary>What is not ready yet, in words: <c>api (Running, Unhealthy)</c>.</summary>
    public string Missing => string.Join(", ", Resources.Where(resource => !resource.Value.IsReady)
        .Select(resource => $"{resource.Key} ({resource.Value.State}{(resource.Value.Health is { } health ? $", {health}" : "")})"));

    /// <summary>The API's address, without a slash at its end.</summary>
    public Uri? Api => Resources.GetValueOrDefault("api")?.Urls is [var url, ..] ? new Uri(url) : null;

    /// <summary>Null when the file is not there yet.</summary>
    public static AppHostState? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<AppHostState>(File.ReadAllText(path), Json);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}

/// <summary>One resource; with replicas, the slowest of them.</summary>
/// <param name="State">Aspire's word: Starting, Waiting, Running, FailedToStart, Exited, Finished …</param>
/// <param name="Health">Healthy or Unhealthy; null unless running.</param>
internal sealed record ResourceState(string State, string? Health, IReadOnlyList<int> Pids, IReadOnlyList<string> Urls, int? ExitCode)
{
    public bool IsReady => (State == "Running" && Health == "Healthy") || (State == "Finished" && ExitCode is 0 or null);
}
