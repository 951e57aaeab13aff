using Lekhika.Exporter.Pdf;

namespace Lekhika.Exporter.Images;

internal static class PictureServices
{
    /// <summary>Adds what pictures of books go through before they are rendered.</summary>
    public static IServiceCollection AddBookPictures(this IServiceCollection services)
    {
        services.AddOptions<PictureOptions>().BindConfiguration(PictureOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<TypesetterOptions>().BindConfiguration(TypesetterOptions.Section);
        return services.AddSingleton<PictureDecoder>().AddSingleton<PicturePreparation>();
    }
}
