using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using StackExchange.Redis;

namespace Lekhika.ServiceDefaults.Tests;

public sealed class ConnectionSpecs
{
    [Theory]
    [InlineData("lekhika")]
    [InlineData("redis")]
    public async Task A_missing_connection_string_stops_the_start_with_a_sentence_that_helps(string name)
    {
        var builder = TestHost.Builder();
        builder.AddNpgsqlDataSource("lekhika");
        builder.AddRedisClient("redis");
        await using var app = builder.Build();

        var error = await Should.ThrowAsync<Exception>(app.StartAsync());

        error.ToString().ShouldContain($"The connection string '{name}' is missing.");
        error.ToString().ShouldContain($"ConnectionStrings__{name}");
    }

    [Fact]
    public async Task Redis_down_degrades_the_service_and_does_not_hold_up_its_start()
    {
        var watch = Stopwatch.StartNew();
        await using var host = await Start("redis", $"127.0.0.1:{ClosedPort()},password=hunter2");
        var multiplexer = host.App.Services.GetRequiredService<IConnectionMultiplexer>();
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));

        multiplexer.IsConnected.ShouldBeFalse();
        await Should.ThrowAsync<RedisConnectionException>(multiplexer.GetDatabase().PingAsync());
        var answer = await host.Client.GetAsync("/health");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await StatusOf(answer, "StackExchange.Redis")).ShouldBe("Degraded");
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain("hunter2");
    }

    [Fact]
    public async Task Redis_that_accepts_and_says_nothing_holds_up_the_start_for_a_second_at_most()
    {
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        await using var host = await Start("redis", $"127.0.0.1:{((IPEndPoint)mute.LocalEndpoint).Port}");
        var watch = Stopwatch.StartNew();

        host.App.Services.GetRequiredService<IConnectionMultiplexer>().IsConnected.ShouldBeFalse();

        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2.5));
        (await StatusOf(await host.Client.GetAsync("/health"), "StackExchange.Redis")).ShouldBe("Degraded");
    }

    [Fact]
    public async Task Postgres_down_makes_the_service_unready_but_does_not_hold_up_its_start()
    {
        await using var host = await Start("lekhika", $"Host=127.0.0.1;Port={ClosedPort()};Username=author;Password=hunter2;Database=books");

        var answer = await host.Client.GetAsync("/health");

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await StatusOf(answer, "PostgreSql")).ShouldBe("Unhealthy");
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain("author");
        (await host.Client.GetAsync("/alive")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_data_source_can_be_configured()
    {
        var builder = TestHost.Builder(new Dictionary<string, string?> { ["ConnectionStrings:lekhika"] = "Host=127.0.0.1" });
        builder.AddNpgsqlDataSource("lekhika", source => source.ConnectionStringBuilder.ApplicationName = "specimen");
        await using var app = builder.Build();

        app.Services.GetRequiredService<NpgsqlDataSource>().ConnectionString.ShouldContain("Application Name=specimen");
    }

    private static Task<TestHost> Start(string name, string connectionString)
    {
        var builder = TestHost.Builder(new Dictionary<string, string?> { [$"ConnectionStrings:{name}"] = connectionString });
        if (name == "redis")
        {
            builder.AddRedisClient(name);
        }
        else
        {
            builder.AddNpgsqlDataSource(name);
        }

        return TestHost.StartAsync(builder);
    }

    private static async Task<string?> StatusOf(HttpResponseMessage answer, string check)
    {
        var report = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return report.GetProperty("checks").EnumerateArray()
            .Single(entry => entry.GetProperty("name").GetString() == check)
            .GetProperty("status").GetString();
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
