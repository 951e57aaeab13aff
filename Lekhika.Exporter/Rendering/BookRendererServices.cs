using Lekhika.Exporter.Docx;
using Lekhika.Exporter.Epub;
using Lekhika.Exporter.Epub.Fonts;
using Lekhika.Exporter.Html;
using Lekhika.Exporter.Images;
using Lekhika.Exporter.Pdf;
using Lekhika.Exporter.Text;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Lekhika.Exporter.Rendering;

/// <summary>Registers the renderers.</summary>
internal static class BookRendererServices
{
    /// <summary>Adds one <see cref="IBookRenderer"/> for each format of <see cref="Core.Exports.ExportFormat.Known"/>.</summary>
    public static IServiceCollection AddBookRenderers(this IServiceCollection services)
    {
        services.AddOptions<TypesetterOptions>().BindConfiguration(TypesetterOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<EpubOptions>().BindConfiguration(EpubOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<PictureOptions>().BindConfiguration(PictureOptions.Section);
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddSingleton<TypesetterInstallation>()
            .AddSingleton<Typesetter>()
            .AddSingleton<IBookRenderer, PdfRenderer>()
            .AddSingleton<IBookRenderer, CoverRenderer>()
            .AddSingleton<IBookRenderer, DocxRenderer>()
            .AddSingleton<EpubChild>()
            .AddSingleton<TypefaceCutter>()
            .AddSingleton<CoverPainter>()
            .AddSingleton<IBookRenderer>(made => new EpubRenderer { Typefaces = made.GetRequiredService<TypefaceCutter>().CutAsync, Cover = made.GetRequiredService<CoverPainter>().PaintAsync })
            .AddSingleton<IBookRenderer, HtmlRenderer>()
            .AddSingleton<IBookRenderer, MarkdownRenderer>()
            .AddSingleton<IBookRenderer, TextRenderer>();
    }
}
