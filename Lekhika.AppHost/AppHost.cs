var builder = DistributedApplication.CreateBuilder(args);

var postgres = builder.AddPostgres("postgres", password: Secret("postgres-password")).WithDataVolume();
var lekhika = postgres.AddDatabase("lekhika");
var redis = builder.AddRedis("redis", password: Secret("redis-password")).WithDataVolume();

var apiPassword = Secret("api-password");
var workerPassword = Secret("worker-password");
var exporterPassword = Secret("exporter-password");
var secretsKey = Secret("secrets-key");

// The only one with the administrator's connection: it makes the roles that the services connect as.
var migrator = builder.AddProject<Projects.Lekhika_Migrator>("migrator")
    .WithReference(lekhika)
    .WithEnvironment("LEKHIKA_API_PASSWORD", apiPassword)
    .WithEnvironment("LEKHIKA_WORKER_PASSWORD", workerPassword)
    .WithEnvironment("LEKHIKA_EXPORTER_PASSWORD", exporterPassword)
    .WaitFor(lekhika);
if (builder.Configuration["LEKHIKA_ADMINS"] is { Length: > 0 } admins)
{
    migrator.WithEnvironment("LEKHIKA_ADMINS", ReferenceExpression.Create($"{admins}"));
}

var api = AddService<Projects.Lekhika_Api>("api", "lekhika_api", apiPassword)
    .WithExternalHttpEndpoints()
    .WithEnvironment("Auth__SigningKey", Secret("token-signing-key"))
    .WithEnvironment("LEKHIKA_SECRETS_KEY", secretsKey);
if (int.TryParse(builder.Configuration["Lekhika:ApiPort"], out var apiPort))
{
    api.WithEndpoint("http", endpoint => endpoint.Port = apiPort);
}

var worker = AddService<Projects.Lekhika_Worker>("worker", "lekhika_worker", workerPassword)
    .WithReplicas(int.TryParse(builder.Configuration["Lekhika:WorkerReplicas"], out var replicas) ? replicas : 1)
    .WithEnvironment("INTERNAL_API_SECRET", Secret("internal-api-secret"))
    .WithEnvironment("LEKHIKA_SECRETS_KEY", secretsKey);
// One port is one process's: the internal endpoints stay closed unless somebody who starts one worker names a port for them.
if (builder.Configuration["Lekhika:WorkerInternalPort"] is { Length: > 0 } internalPort)
{
    worker.WithEnvironment("PORT", ReferenceExpression.Create($"{internalPort}"));
}

string[] providers = ["OPENAI", "ANTHROPIC", "GOOGLE"];
foreach (var name in providers.SelectMany(provider => new[] { $"LEKHIKA_{provider}_API_KEY", $"LEKHIKA_{provider}_BASE_URL", $"LEKHIKA_{provider}_MODEL", $"LEKHIKA_{provider}_BATCHES" }))
{
    if (builder.Configuration[name] is { Length: > 0 } value)
    {
        worker.WithEnvironment(name, ReferenceExpression.Create($"{value}"));
    }
}

var exporter = AddService<Projects.Lekhika_Exporter>("exporter", "lekhika_exporter", exporterPassword);

// Where files are kept, and the secret of it, is for those two only that write and read them.
foreach (var setting in builder.Configuration.GetSection("Storage").GetChildren())
{
    if (setting.Value is { Length: > 0 } value)
    {
        api.WithEnvironment($"Storage__{setting.Key}", ReferenceExpression.Create($"{value}"));
        exporter.WithEnvironment($"Storage__{setting.Key}", ReferenceExpression.Create($"{value}"));
    }
}

await builder.Build().RunAsync();

// Letters and digits only: safe in a connection string, in a URL and in a configuration file.
IResourceBuilder<ParameterResource> Secret(string name) =>
    builder.AddParameter(name, new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);

IResourceBuilder<ProjectResource> AddService<TProject>(string name, string role, IResourceBuilder<ParameterResource> password)
    where TProject : IProjectMetadata, new() =>
    builder.AddProject<TProject>(name)
        .WithEnvironment("ConnectionStrings__lekhika", ReferenceExpression.Create(
            $"Host={postgres.Resource.Host};Port={postgres.Resource.Port};Username={role};Password={password};Database={lekhika.Resource.DatabaseName}"))
        .WithReference(redis)
        .WithHttpHealthCheck("/health")
        .WaitForCompletion(migrator)
        .WaitFor(redis);
