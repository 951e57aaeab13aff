using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Lekhika.AppHost.Local.Engine;
using Npgsql;

namespace Lekhika.AppHost.Tests.Engine;

public sealed class EnvironmentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_project_gets_what_Aspire_would_inject()
    {
        await using var application = new RunningApplication(_folder["data"]);
        var builder = application.Builder;
        var password = Secret(builder, "api-password");
        var postgres = builder.AddPostgres("postgres", password: Secret(builder, "postgres-password")).WithDataVolume();
        var lekhika = postgres.AddDatabase("lekhika");
        var redis = builder.AddRedis("redis", password: Secret(builder, "redis-password")).WithDataVolume();
        var api = application.AddScript("api", "exec sleep 100", port: 0).WithReplicas(2);
        application.AddOnce("worker", $"env > {_folder["env"]}")
            .WithEndpoint("http", static _ => { })
            .With(new LaunchProfile("http", 5181, new Dictionary<string, string> { ["ASPNETCORE_ENVIRONMENT"] = "Development", ["OTEL_SERVICE_NAME"] = "not this" }))
            .WithReference(lekhika)
            .WithReference(redis)
            .WithReference(api)
            .WithEnvironment("OWN", ReferenceExpression.Create($"Host={postgres.Resource.Host};Port={postgres.Resource.Port};Username=lekhika_api;Password={password};Database={lekhika.Resource.DatabaseName}"))
            .WaitFor(lekhika)
            .WaitFor(redis);
        application.Start();
        await application.WaitAsync("worker", ResourceState.Finished);

        var seen = (await File.ReadAllLinesAsync(_folder["env"])).Where(line => line.Contains('=', StringComparison.Ordinal)).Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        seen["ConnectionStrings__lekhika"].ShouldMatch("^Host=127.0.0.1;Port=[0-9]+;Username=postgres;Password=[A-Za-z0-9]{32};Database=lekhika$");
        seen["ConnectionStrings__redis"].ShouldMatch("^127.0.0.1:[0-9]+,password=[A-Za-z0-9]{32}$");
        seen["OWN"].ShouldMatch("^Host=127.0.0.1;Port=[0-9]+;Username=lekhika_api;Password=[A-Za-z0-9]{32};Database=lekhika$");
        seen["LEKHIKA_DATABASENAME"].ShouldBe("lekhika");
        seen["LEKHIKA_URI"].ShouldMatch("^postgresql://postgres:[A-Za-z0-9]{32}@127.0.0.1:[0-9]+/lekhika$");
        seen["REDIS_HOST"].ShouldBe("127.0.0.1");
        new[] { seen["services__api__http__0"], seen["services__api__http__1"] }.ShouldBe(application.Snapshots("api").Select(snapshot => snapshot.Url), ignoreOrder: true);
        seen["API_HTTP"].ShouldBe(seen["services__api__http__0"]);
        seen["ASPNETCORE_URLS"].ShouldMatch("^http://127.0.0.1:[0-9]+$");
        seen["ASPNETCORE_ENVIRONMENT"].ShouldBe("Development");
        seen["DOTNET_LAUNCH_PROFILE"].ShouldBe("http");
        seen["OTEL_SERVICE_NAME"].ShouldBe("worker");
        seen["OTEL_RESOURCE_ATTRIBUTES"].ShouldMatch("^service.instance.id=[a-z]{8}$");
        seen["OTEL_BSP_SCHEDULE_DELAY"].ShouldBe("1000");

        await using var connection = new NpgsqlConnection(seen["ConnectionStrings__lekhika"]);
        await connection.OpenAsync();
        connection.Database.ShouldBe("lekhika");
    }

    [Fact]
    public async Task A_port_that_is_taken_is_replaced_by_another()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var application = new RunningApplication(_folder["data"]);
        application.AddScript("api", "exec sleep 100", port);

        var snapshot = await application.Start().WaitAsync("api", ResourceState.Running);

        snapshot.Url!.ShouldMatch("^http://127.0.0.1:[0-9]+$");
        snapshot.Url.ShouldNotBe($"http://127.0.0.1:{port}");
        application.Output.ShouldContain($"[port {port} is taken, {new Uri(snapshot.Url!).Port} is used]");
    }

    [Fact]
    public async Task A_number_that_is_no_port_is_told_in_a_sentence()
    {
        await using var application = new RunningApplication(_folder["data"]);
        application.AddScript("api", "exec sleep 100", 70000);

        (await application.Start().Ended).ShouldBe(1);

        application.Error.Trim().ShouldBe("70000 is not a port for 'api': choose one from 1 to 65535.");
    }

    [Fact]
    public async Task Telemetry_is_sent_to_a_dashboard_that_listens_and_to_nobody_else()
    {
        using var dashboard = new TcpListener(IPAddress.Loopback, 0);
        dashboard.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)dashboard.LocalEndpoint).Port}";

        (await EndpointSeenAsync($"--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL={url}")).ShouldBe($"{url} grpc");
        dashboard.Stop();
        (await EndpointSeenAsync($"--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL={url}")).ShouldBe(" ");
    }

    [Fact]
    public async Task The_key_of_a_model_is_only_for_the_project_that_is_given_it()
    {
        Environment.SetEnvironmentVariable("LEKHIKA_OPENAI_TEST_KEY", "sk-secret");
        await using var application = new RunningApplication(_folder["data"]);
        application.AddOnce("worker", $"env > {_folder["worker"]}").WithEnvironment("LEKHIKA_OPENAI_TEST_KEY", ReferenceExpression.Create($"{"sk-secret"}"));
        application.AddOnce("api", $"env > {_folder["api"]}");
        application.Start();
        await application.WaitAsync("worker", ResourceState.Finished);
        await application.WaitAsync("api", ResourceState.Finished);

        (await File.ReadAllLinesAsync(_folder["worker"])).ShouldContain("LEKHIKA_OPENAI_TEST_KEY=sk-secret");
        (await File.ReadAllTextAsync(_folder["api"])).ShouldNotContain("LEKHIKA_OPENAI_");
    }

    [Theory]
    [InlineData("Storage__TestKey")]
    [InlineData("STORAGE__TESTKEY")]
    public async Task Nor_is_the_key_of_the_store_of_files_inherited(string name)
    {
        Environment.SetEnvironmentVariable(name, "s3-secret");
        await using var application = new RunningApplication(_folder["data"]);
        application.AddOnce("worker", $"env > {_folder["worker"]}");
        await application.Start().WaitAsync("worker", ResourceState.Finished);

        (await File.ReadAllTextAsync(_folder["worker"])).ShouldNotContain("s3-secret");
    }

    private async Task<string> EndpointSeenAsync(string argument)
    {
        await using var application = new RunningApplication(_folder["data"], argument);
        application.AddOnce("worker", $"printf '%s %s' \"$OTEL_EXPORTER_OTLP_ENDPOINT\" \"$OTEL_EXPORTER_OTLP_PROTOCOL\" > {_folder["otlp"]}");
        await application.Start().WaitAsync("worker", ResourceState.Finished);
        return await File.ReadAllTextAsync(_folder["otlp"]);
    }

    private static IResourceBuilder<ParameterResource> Secret(IDistributedApplicationBuilder builder, string name) =>
        builder.AddParameter(name, new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);
}
