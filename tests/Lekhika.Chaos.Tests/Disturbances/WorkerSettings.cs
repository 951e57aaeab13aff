using Lekhika.Testing.Processes;
using Lekhika.Testing.Servers;

namespace Lekhika.Chaos.Tests.Disturbances;

/// <summary>How the shipped worker is started: with the settings that the AppHost gives it, and short leases.</summary>
internal sealed class WorkerSettings(TestDatabase database, string redis, Links links)
{
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(1.5);

    public Task<ServiceProcess> StartAsync(string name) => ServiceProcess.StartAsync("Lekhika.Worker", new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Development",
        ["DOTNET_ENVIRONMENT"] = "Development",
        ["LOGGING__CONSOLE__FORMATTERNAME"] = "simple",
        ["ConnectionStrings__lekhika"] = links.Postgres.Through(database.Worker),
        ["ConnectionStrings__redis"] = $"127.0.0.1:{links.Redis.Port},{redis.Split(',', 2)[1]}",
        ["Signals__Prefix"] = database.Name,
        ["LEKHIKA_OPENAI_BASE_URL"] = $"http://127.0.0.1:{links.Model.Port}/v1",
        // The model's log tells callers apart by their keys.
        ["LEKHIKA_OPENAI_API_KEY"] = $"sk-{name}",
        ["LEKHIKA_OPENAI_MODEL"] = "quill-1",
        ["Worker__Name"] = name,
        ["Worker__LeaseSeconds"] = Lease.TotalSeconds.ToString(),
        // Fewer at a time than by default: the book takes some seconds, in which there is something to disturb.
        ["Worker__StepsPerRun"] = "4",
        ["POLL_INTERVAL_MS"] = "100",
        // A step whose connection breaks again and again is asked for again: here that is the weather, not the model's fault.
        ["MAX_RETRIES"] = "10",
        // So is a worker that dies, freezes or loses the database before it has finished a step.
        ["Worker__ClaimsWithoutProgress"] = "100",
    });
}
