namespace Lekhika.Worker.Pipeline;

internal static class PipelineRegistration
{
    /// <summary>The pipeline's services. The claimer comes last, so that it stops first and can still hand its runs back.</summary>
    public static IServiceCollection AddPipeline(this IServiceCollection services)
    {
        services.AddOptions<WorkerOptions>()
            .BindConfiguration("Worker")
            .Configure<IConfiguration>((options, configuration) => options.ReadEnvironment(configuration))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<ActiveRuns>();
        services.AddHealthChecks().AddCheck<ActiveRunsHealthCheck>("runs");
        services.AddSingleton<StepRunner>();
        services.AddSingleton<RunExecution>();
        services.AddHostedService<LeaseKeeper>();
        services.AddHostedService<RunClaimer>();
        return services;
    }
}
