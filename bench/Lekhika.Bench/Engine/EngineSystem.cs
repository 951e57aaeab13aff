using Lekhika.AppHost.Local.Processes;
using Lekhika.AppHost.Local.Servers;
using Lekhika.Testing.Processes;
using Npgsql;

namespace Lekhika.Bench.Engine;

/// <summary>
/// The shipped programs with default settings on servers of their own, with durable commits and telemetry on: PostgreSQL, Redis, the
/// migrator, the Api, and the workers that a bench starts, whose model is the simulated one. There is no exporter: rendering is not
/// measured here, and a run is done when it is handed over. Everything ends with the bench.
/// </summary>
internal sealed class EngineSystem : IAsyncDisposable
{
    private const string Password = "bench";
    private const string Name = "lekhika";

    private readonly Stack<IAsyncDisposable> _started = new();
    private readonly List<ServiceProcess> _services = [];
    private readonly Uri _telemetry;
    private readonly CancellationToken _stop;
    private PostgresServer _postgres = null!;
    private RedisServer _redis = null!;

    private EngineSystem(Uri telemetry, CancellationToken stop)
    {
        _telemetry = telemetry;
        _stop = stop;
    }

    public EngineDatabase Database { get; private set; } = null!;

    public BenchClient Api { get; private set; } = null!;

    /// <summary>Starts everything but workers, runs the bench, and stops everything, whatever happened.</summary>
    /// <exception cref="BenchFailedException">Something did not work; the message ends with what the services said last.</exception>
    public static async Task RunAsync(int users, Func<EngineSystem, Task> bench, CancellationToken stop)
    {
        await using var drain = await TelemetryDrain.StartAsync();
        await RunAsync(users, drain.Endpoint, bench, stop);
        if (drain.Bytes == 0)
        {
            throw new BenchFailedException("No telemetry arrived, so the figures are not those of a system with telemetry on.");
        }
    }

    /// <summary>Likewise, with a collector of the bench's own.</summary>
    public static async Task RunAsync(int users, Uri telemetry, Func<EngineSystem, Task> bench, CancellationToken stop)
    {
        using var data = new DataFolder();
        await using var system = new EngineSystem(telemetry, stop);
        try
        {
            await system.StartAsync(data, users);
            await bench(system);
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            throw new BenchFailedException($"{error.Message}\n{system.LastWords()}", error);
        }
    }

    /// <summary>Starts a worker; it ends with the system, or when it is disposed, which kills it.</summary>
    /// <param name="latencies">Of the simulated model: none or book.</param>
    public async Task<ServiceProcess> StartWorkerAsync(string latencies)
    {
        var settings = Settings("worker");
        settings["Simulation__Enabled"] = "true";
        settings["Simulation__Latencies"] = latencies;
        return await StartServiceAsync("Lekhika.Worker", settings);
    }

    public async ValueTask DisposeAsync()
    {
        if (_postgres is not null)
        {
            // Its data go with it: an orderly end would only take time.
            await _postgres.KillAsync();
        }

        while (_started.TryPop(out var started))
        {
            await started.DisposeAsync();
        }

        Api?.Dispose();
    }

    private async Task StartAsync(DataFolder data, int users)
    {
        _postgres = Keep(await PostgresServer.StartAsync(new PostgresOptions(data["postgres"], Password), _stop));
        _redis = Keep(await RedisServer.StartAsync(new RedisOptions(data["redis"], Password), _stop));
        await using (var server = new EngineDatabase(_postgres.ConnectionString, _stop))
        {
            await server.ExecuteAsync($"CREATE DATABASE {Name}");
        }

        var administrator = new NpgsqlConnectionStringBuilder(_postgres.ConnectionString) { Database = Name, Pooling = true }.ConnectionString;
        await MigrateAsync(administrator);
        Database = Keep(new EngineDatabase(administrator, _stop));
        await OneNodeEngine.InstallAsync(Database);
        var api = await StartServiceAsync("Lekhika.Api", Settings("api"));
        Api = new BenchClient(api.Address, _stop);
        await Api.RegisterAsync(users);
    }

    private async Task MigrateAsync(string administrator)
    {
        var program = BuiltProgram.Of("Lekhika.Migrator");
        var settings = Settings("migrator");
        settings["ConnectionStrings__lekhika"] = administrator;
        foreach (var role in new[] { "API", "WORKER", "EXPORTER" })
        {
            settings[$"LEKHIKA_{role}_PASSWORD"] = Password;
        }

        var command = new ChildCommand("dotnet", program) { WorkingDirectory = Path.GetDirectoryName(program), Environment = settings };
        var (exitCode, output) = await ChildProcess.RunAsync(command, _stop);
        if (exitCode != 0)
        {
            throw new BenchFailedException($"The migrator ended with exit code {exitCode}:\n{output}");
        }
    }

    private async Task<ServiceProcess> StartServiceAsync(string project, IReadOnlyDictionary<string, string?> settings)
    {
        var service = Keep(await ServiceProcess.StartAsync(project, settings));
        _services.Add(service);
        return service;
    }

    /// <summary>What the AppHost gives a service, and no setting that has a default.</summary>
    private Dictionary<string, string?> Settings(string service) => new(StringComparer.Ordinal)
    {
        ["ConnectionStrings__lekhika"] = $"Host=127.0.0.1;Port={_postgres.Port};Username=lekhika_{service};Password={Password};Database={Name}",
        ["ConnectionStrings__redis"] = _redis.ConnectionString,
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _telemetry.ToString(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_SERVICE_NAME"] = service,
        ["OTEL_BSP_SCHEDULE_DELAY"] = "1000",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "1000",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
    };

    private T Keep<T>(T started)
        where T : IAsyncDisposable
    {
        _started.Push(started);
        return started;
    }

    private string LastWords() => string.Join('\n', _services.Select(service => $"--- process {service.Id}:\n{string.Join('\n', service.Output.Split('\n').TakeLast(12))}"));
}
