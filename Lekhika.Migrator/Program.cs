using Lekhika.Migrator;
using Polly;
using Polly.Retry;

var builder = Host.CreateApplicationBuilder(args);
builder.AddServiceDefaults();
using var host = builder.Build();
await host.StartAsync();
var log = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Lekhika.Migrator");
var configuration = host.Services.GetRequiredService<IConfiguration>();

string Required(string name) => configuration[name] is { Length: > 0 } value
    ? value
    : throw new MigrationException($"The setting {name} is missing; the AppHost gives it to the migrator.");

// A server that is still starting refuses connections; two minutes are its time.
var patience = new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions
{
    ShouldHandle = new PredicateBuilder().Handle<Npgsql.NpgsqlException>(error => error.IsTransient || error.InnerException is IOException or System.Net.Sockets.SocketException),
    MaxRetryAttempts = 120,
    Delay = TimeSpan.FromSeconds(1),
    OnRetry = attempt =>
    {
        log.LogInformation("The database does not answer yet ({Reason}); trying again.", attempt.Outcome.Exception?.Message);
        return default;
    },
}).Build();

try
{
    var passwords = new RolePasswords(Required("LEKHIKA_API_PASSWORD"), Required("LEKHIKA_WORKER_PASSWORD"), Required("LEKHIKA_EXPORTER_PASSWORD"));
    var administrator = Required("ConnectionStrings:lekhika");
    var applied = await patience.ExecuteAsync(async token => await MigrationRunner.RunAsync(administrator, passwords, token), CancellationToken.None);
    log.LogInformation("The database is up to date; {Count} scripts applied now.", applied.Count);
    if (Administrators.Read(configuration["LEKHIKA_ADMINS"]) is { Length: > 0 } addresses)
    {
        var (made, unknown) = await Administrators.AppointAsync(administrator, addresses, CancellationToken.None);
        log.LogInformation("Of the {Count} administrators that LEKHIKA_ADMINS names, {Made} became one now; {Unknown} have no account yet.", addresses.Length, made, unknown);
    }

    return 0;
}
catch (Exception error) when (error is MigrationException or Npgsql.NpgsqlException)
{
    log.LogCritical("The database was not migrated: {Reason}", error.Message);
    return 1;
}
finally
{
    await host.StopAsync();
}
