using Lekhika.Exporter.Preflight.Programs;
using Lekhika.Exporter.Preflight.Stores;

namespace Lekhika.Exporter.Preflight;

internal static class PreflightServices
{
    /// <summary>Adds what finished files go through before they are delivered, and after.</summary>
    public static IServiceCollection AddPreflight(this IServiceCollection services)
    {
        services.AddOptions<PreflightOptions>().BindConfiguration(PreflightOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<LaterChecks>();
        services.AddHostedService(provider => provider.GetRequiredService<LaterChecks>());
        return services.AddFileChecks();
    }

    /// <summary>The checks alone, without the host.</summary>
    public static IServiceCollection AddFileChecks(this IServiceCollection services) => services
        .AddSingleton<CheckProgram>()
        .AddSingleton<Epubcheck>()
        .AddSingleton<IFileCheck, PdfStructureCheck>()
        .AddSingleton<IFileCheck, PdfPrintCheck>()
        .AddSingleton<IFileCheck, EpubStructureCheck>()
        .AddSingleton<IFileCheck, DocxCheck>()
        .AddSingleton<IFileCheck, HtmlCheck>()
        .AddSingleton<IFileCheck, TextCheck>()
        .AddSingleton<IFileCheck, StoreRules>()
        .AddSingleton<PreflightChecks>();
}
