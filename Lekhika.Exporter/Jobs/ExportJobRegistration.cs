namespace Lekhika.Exporter.Jobs;

internal static class ExportJobRegistration
{
    public static IServiceCollection AddExportJobs(this IServiceCollection services)
    {
        services.AddOptions<ExporterOptions>().BindConfiguration("Exporter").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<RenderingGuard>();
        services.AddSingleton<ColophonNote>();
        services.AddSingleton<FileMaker>();
        services.AddSingleton<ExportRunner>();
        services.AddHostedService<ExportClaimer>();
        return services;
    }
}
