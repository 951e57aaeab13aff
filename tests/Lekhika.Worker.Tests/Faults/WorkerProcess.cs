using Lekhika.Testing.Processes;
using Lekhika.Testing.Servers;

namespace Lekhika.Worker.Tests.Faults;

/// <summary>Starts the shipped worker as a process, with a short lease and the offline author.</summary>
internal static class WorkerProcess
{
    public static async Task<ServiceProcess> StartAsync(TestDatabase database, int wordsPerSecond = 0, string? redis = null, string? connection = null, string? openAi = null, string? anthropic = null, string? google = null,
        IEnumerable<(string Key, string Value)>? more = null)
    {
        var shared = await TestRedis.CreateAsync();
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings__lekhika"] = connection ?? database.Worker,
            ["ConnectionStrings__redis"] = redis ?? shared.ConnectionString,
            ["Signals__Prefix"] = shared.Prefix,
            ["Worker__LeaseSeconds"] = "2",
            ["Worker__StepsPerRun"] = "2",
            ["POLL_INTERVAL_MS"] = "50",
            ["OfflineAuthor__WordsPerSecond"] = wordsPerSecond.ToString(),
            ["LEKHIKA_OPENAI_BASE_URL"] = openAi,
            ["LEKHIKA_OPENAI_API_KEY"] = openAi is null ? null : "sk-secret",
            ["LEKHIKA_OPENAI_MODEL"] = openAi is null ? null : "quill-1",
            ["LEKHIKA_ANTHROPIC_BASE_URL"] = anthropic,
            ["LEKHIKA_ANTHROPIC_API_KEY"] = anthropic is null ? null : "sk-ant-secret",
            ["LEKHIKA_ANTHROPIC_MODEL"] = anthropic is null ? null : "reed-1",
            ["LEKHIKA_GOOGLE_BASE_URL"] = google,
            ["LEKHIKA_GOOGLE_API_KEY"] = google is null ? null : "g-secret",
            ["LEKHIKA_GOOGLE_MODEL"] = google is null ? null : "brush-1",
        };
        foreach (var (key, value) in more ?? [])
        {
            environment[key.Replace(":", "__")] = value;
        }

        return await ServiceProcess.StartAsync("Lekhika.Worker", environment);
    }
}
