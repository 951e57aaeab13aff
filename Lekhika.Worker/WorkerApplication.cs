using Lekhika.Persistence;
using Lekhika.Worker.Ai;
using Lekhika.Worker.Ai.Batches;
using Lekhika.Worker.Internal;
using Lekhika.Worker.Nodes;
using Lekhika.Worker.Pipeline;

namespace Lekhika.Worker;

/// <summary>The worker's composition; tests build it in their own process.</summary>
internal static class WorkerApplication
{
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults();
        builder.AddNpgsqlDataSource("lekhika", PersistenceExtensions.ConfigureWorkerDataSource);
        builder.AddRedisClient("redis");
        builder.Services.AddPersistence().AddRunPersistence().AddModels(builder.Configuration).AddBatches().AddNodes().AddPipeline().AddInternal();
        configure?.Invoke(builder);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        return app;
    }
}
