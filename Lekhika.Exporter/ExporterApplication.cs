using Lekhika.Exporter.Images;
using Lekhika.Exporter.Jobs;
using Lekhika.Exporter.Preflight;
using Lekhika.Exporter.Rendering;
using Lekhika.Exporter.Retention;
using Lekhika.Persistence;

namespace Lekhika.Exporter;

/// <summary>The exporter's composition; tests build it in their own process.</summary>
internal static class ExporterApplication
{
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults();
        builder.AddNpgsqlDataSource("lekhika", PersistenceExtensions.ConfigureDataSource);
        builder.AddRedisClient("redis");
        builder.Services.AddPersistence().AddExportPersistence().AddBookRenderers().AddBookPictures().AddPreflight().AddExportJobs().AddRetention();
        configure?.Invoke(builder);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        return app;
    }
}
