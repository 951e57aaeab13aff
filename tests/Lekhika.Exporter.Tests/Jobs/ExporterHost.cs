using Lekhika.Core.Exports;
using Lekhika.Exporter.Preflight;
using Lekhika.Exporter.Rendering;
using Lekhika.Exporter.Tests.Renderers;
using Lekhika.Testing.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Lekhika.Exporter.Tests.Jobs;

/// <summary>The exporter in the test's own process, over a real database and Redis.</summary>
internal static class ExporterHost
{
    /// <summary>With the renderers of the test's own, and plain text, and no checks, which scripted files would not pass; with none it has the exporter's and its checks.</summary>
    public static Task<WebApplication> StartAsync(TestDatabase database, params IEnumerable<IBookRenderer> renderers) =>
        StartAsync(database, [("Preflight", "Quick")], checks: !renderers.Any(), renderers);

    /// <summary>The same with settings of section <c>Exporter</c>, with or without checks.</summary>
    public static async Task<WebApplication> StartAsync(TestDatabase database, IEnumerable<(string Key, string Value)> settings, bool checks, params IEnumerable<IBookRenderer> renderers)
    {
        var redis = await TestRedis.CreateAsync();
        var scripted = renderers.ToList();
        var app = ExporterApplication.Build(["--contentRoot", Workshop.ExporterFolder], builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["ConnectionStrings:lekhika"] = database.Exporter,
                ["ConnectionStrings:redis"] = redis.ConnectionString,
                ["Signals:Prefix"] = redis.Prefix,
                ["Exporter:PollMilliseconds"] = "50",
                ["urls"] = "http://127.0.0.1:0",
                ["Logging:LogLevel:Default"] = "None",
            });
            builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"Exporter:{setting.Key}", (string?)setting.Value)));
            if (!checks)
            {
                builder.Services.RemoveAll<IFileCheck>();
            }

            if (scripted.Count > 0)
            {
                builder.Services.RemoveAll<IBookRenderer>();
                foreach (var renderer in scripted.Append(new ScriptedRenderer(ExportFormat.Txt, _ => new RenderedBook("Text."u8.ToArray()))).DistinctBy(renderer => renderer.Format))
                {
                    builder.Services.AddSingleton(renderer);
                }
            }
        });
        await app.StartAsync();
        return app;
    }
}
