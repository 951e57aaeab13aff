using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Lekhika.Testing;
using Lekhika.Testing.Otlp;
using Lekhika.Testing.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using StackExchange.Redis;

namespace Lekhika.ServiceDefaults.Tests;

public sealed class LiveServerSpecs
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Redis_that_comes_back_is_used_again_with_its_subscriptions()
    {
        await using var server = await BreakableRedis.StartAsync();
        var builder = TestHost.Builder(new Dictionary<string, string?> { ["ConnectionStrings:redis"] = server.ConnectionString });
        builder.AddRedisClient("redis");
        await using var host = await TestHost.StartAsync(builder);
        var redis = host.App.Services.GetRequiredService<IConnectionMultiplexer>();
        var heard = 0;
        await redis.GetSubscriber().SubscribeAsync("news", (_, _) => Interlocked.Increment(ref heard));
        await Eventually.TrueAsync(() => Task.FromResult(redis.IsConnected), "connected", Deadline);
        (await Status(host)).ShouldBe("Healthy");

        await server.KillAsync();
        await Eventually.TrueAsync(async () => await Status(host) == "Degraded", "degraded", Deadline);
        await server.StartAgainAsync();

        await Eventually.TrueAsync(async () => await Status(host) == "Healthy", "healthy again", Deadline);
        await Eventually.TrueAsync(
            async () =>
            {
                await redis.GetDatabase().PublishAsync("news", "hello");
                return Volatile.Read(ref heard) > 0;
            },
            "the message heard",
            Deadline);
    }

    [Fact]
    public async Task A_statement_is_a_span_of_the_requests_trace_and_the_pool_is_measured()
    {
        await using var sink = await OtlpSink.StartAsync();
        await using var database = await TestDatabase.CreateEmptyAsync();
        var settings = sink.Settings("store").Append(new("ConnectionStrings:lekhika", database.Admin));
        var builder = TestHost.Builder(settings.ToDictionary(StringComparer.Ordinal));
        builder.AddNpgsqlDataSource("lekhika");
        await using var host = await TestHost.StartAsync(builder, app => app.MapGet("/rows", async (NpgsqlDataSource source) =>
        {
            await using var command = source.CreateCommand("SELECT 41 + 1");
            return await command.ExecuteScalarAsync();
        }));

        (await Status(host)).ShouldBe("Healthy");
        (await host.Client.GetStringAsync("/rows")).ShouldBe("42");

        var spans = await sink.Spans.WaitForAsync(
            all => all.Any(span => span["http.route"] == "/rows") && all.Any(span => span["db.query.text"] == "SELECT 41 + 1"), Deadline);
        var request = spans.First(span => span["http.route"] == "/rows");
        var statement = spans.First(span => span["db.query.text"] == "SELECT 41 + 1");
        statement.Source.ShouldBe("Npgsql");
        statement.Kind.ShouldBe(ActivityKind.Client);
        statement.TraceId.ShouldBe(request.TraceId);
        spans.ShouldNotContain(span => span["db.query.text"] == "SELECT 1", "the health check's statement leaves no trace");
        await sink.Metrics.WaitForAsync(all => all.Any(metric => metric.Meter == "Npgsql"), Deadline);
    }

    private static async Task<string?> Status(TestHost host)
    {
        using var answer = await host.Client.GetAsync("/health");
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetString();
    }
}
