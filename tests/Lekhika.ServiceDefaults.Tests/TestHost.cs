using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lekhika.ServiceDefaults.Tests;

/// <summary>A small service with the defaults, listening on a free port of 127.0.0.1.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private TestHost(WebApplication app) => App = app;

    public WebApplication App { get; }

    public HttpClient Client { get; private set; } = null!;

    public static WebApplicationBuilder Builder(IReadOnlyDictionary<string, string?>? settings = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults();
        return builder;
    }

    public static async Task<TestHost> StartAsync(WebApplicationBuilder builder, Action<WebApplication>? map = null)
    {
        var host = new TestHost(builder.Build());
        host.App.MapDefaultEndpoints();
        map?.Invoke(host.App);
        await host.App.StartAsync();
        host.Client = new HttpClient { BaseAddress = new Uri(host.App.Urls.Single()) };
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
    }
}
