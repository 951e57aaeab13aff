using Lekhika.Core.Exports;
using Lekhika.Exporter.Pdf;
using Lekhika.Exporter.Rendering;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace Lekhika.Exporter.Tests.Renderers;

/// <summary>The renderers as the exporter registers them, with settings of section <c>Exporter</c> on top.</summary>
public sealed class Workshop : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    /// <summary>A workshop with the exporter's own settings.</summary>
    public Workshop()
        : this([])
    {
    }

    internal Workshop(IEnumerable<(string Key, string Value)> settings) => _services = new ServiceCollection()
        .AddLogging()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create($"Exporter:{setting.Key}", (string?)setting.Value))).Build())
        .AddSingleton<IHostEnvironment>(new ProjectFolder())
        .AddBookRenderers()
        .BuildServiceProvider();

    internal Typesetter Typesetter => _services.GetRequiredService<Typesetter>();

    internal IReadOnlyList<IBookRenderer> Renderers => [.. _services.GetServices<IBookRenderer>()];

    internal Task<RenderedBook> Render(ExportFormat format, RenderOrder order) =>
        Renderers.Single(renderer => renderer.Format == format).RenderAsync(order, CancellationToken.None);

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    /// <summary>The exporter's content root when the AppHost starts it: its project folder.</summary>
    internal static string ExporterFolder { get; } = FindExporterFolder();

    private static string FindExporterFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Lekhika.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder!.FullName, "Lekhika.Exporter");
    }

    private sealed class ProjectFolder : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = Environments.Development;

        public string ApplicationName { get; set; } = "Lekhika.Exporter";

        public string ContentRootPath { get; set; } = ExporterFolder;

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
