using Lekhika.Exporter.Html;
using Lekhika.Exporter.Text;

namespace Lekhika.Exporter.Rendering;

/// <summary>Registers the renderers.</summary>
internal static class BookRendererServices
{
    /// <summary>Adds one <see cref="IBookRenderer"/> for each format of <see cref="Core.Exports.ExportFormat.All"/>.</summary>
    public static IServiceCollection AddBookRenderers(this IServiceCollection services) => services
        .AddSingleton<IBookRenderer, HtmlRenderer>()
        .AddSingleton<IBookRenderer, MarkdownRenderer>()
        .AddSingleton<IBookRenderer, TextRenderer>();
}
