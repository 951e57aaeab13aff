using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Lekhika.ServiceDefaults.Tests;

public sealed class HealthSpecs
{
    [Fact]
    public async Task Ready_names_every_check_with_its_state()
    {
        await using var host = await Start("store", () => HealthCheckResult.Degraded("slow today"));

        var report = await host.Client.GetFromJsonAsync<JsonElement>("/health");

        report.GetProperty("status").GetString().ShouldBe("Degraded");
        var checks = report.GetProperty("checks").EnumerateArray().ToArray();
        checks.Select(check => check.GetProperty("name").GetString()).ShouldBe(["memory", "self", "store"]);
        checks[2].GetProperty("status").GetString().ShouldBe("Degraded");
        checks[2].GetProperty("description").GetString().ShouldBe("slow today");
        checks[2].GetProperty("durationMs").GetDouble().ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public async Task An_unhealthy_check_makes_the_service_unready_but_leaves_it_alive()
    {
        await using var host = await Start("store", () => HealthCheckResult.Unhealthy("gone"));

        (await host.Client.GetAsync("/health")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await host.Client.GetAsync("/alive")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_a_check_throws_is_not_told_to_strangers()
    {
        await using var host = await Start("store", () => throw new InvalidOperationException("password=hunter2"));

        var answer = await host.Client.GetAsync("/health");

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain("hunter2");
    }

    private static Task<TestHost> Start(string name, Func<HealthCheckResult> check)
    {
        var builder = TestHost.Builder();
        builder.Services.AddHealthChecks().AddCheck(name, check);
        return TestHost.StartAsync(builder);
    }
}
