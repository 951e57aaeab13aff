using Lekhika.Persistence.Signals;
using Lekhika.Testing.Chat;
using Lekhika.Testing.Servers;
using Lekhika.Worker.Ai;
using Lekhika.Worker.Ai.Routing;
using Lekhika.Worker.Internal;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Lekhika.Worker.Tests.Pipeline;

/// <summary>A worker in this process, on the shared servers, whose model is a script.</summary>
internal sealed class WorkerHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WorkerHost(WebApplication app) => _app = app;

    /// <summary>The web application of the internal endpoints; null when no PORT was set.</summary>
    public WebApplication? Internal => _app.Services.GetRequiredService<InternalServer>().Application;

    /// <summary>Where the service itself listens.</summary>
    public Uri Address => new(_app.Urls.Single());

    /// <summary>A service of the worker.</summary>
    public T Service<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    public static Task<WorkerHost> StartAsync(TestDatabase database, ScriptedChatClient model, params (string Key, string Value)[] settings) =>
        StartAsync(database, [new ModelProvider("offline", "offline-author", model, ["Written by a script."])], settings);

    /// <summary>With these models and no others.</summary>
    public static async Task<WorkerHost> StartAsync(TestDatabase database, IReadOnlyList<ModelProvider> models, params (string Key, string Value)[] settings)
    {
        var redis = await TestRedis.CreateAsync();
        IEnumerable<(string Key, string Value)> all =
        [
            ("ConnectionStrings:lekhika", database.Worker), ("ConnectionStrings:redis", redis.ConnectionString), ("Signals:Prefix", redis.Prefix), ("Worker:PollMilliseconds", "50"),
            ("Worker:Name", $"worker-{Guid.NewGuid():N}"), ("urls", "http://127.0.0.1:0"), ("Logging:LogLevel:Default", "Warning"), .. settings,
        ];
        var app = WorkerApplication.Build([.. all.Select(setting => $"--{setting.Key}={setting.Value}")], builder =>
        {
            builder.Services.RemoveAll<ModelProvider>();
            foreach (var model in models)
            {
                builder.Services.AddSingleton(model);
            }
        });
        try
        {
            await app.StartAsync();
            return new WorkerHost(app);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>As the Api does when it has written something for a worker.</summary>
    public void Wake(WakeUpTopic topic) => _app.Services.GetRequiredService<WakeUpSignals>().Send(topic);

    /// <summary>As a deployment does: what is under way is handed back.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
