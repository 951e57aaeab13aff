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
        services.AddSingleton<StepWorkers>();
        services.AddSingleton<WorkflowCache>();
        services.AddSingleton<PromptCache>();
        services.AddSingleton<RunServices>();
        services.AddSingleton<RunExecution>();
        services.AddHostedService(provider => provider.GetRequiredService<StepWorkers>());
        services.AddHostedService<LeaseKeeper>();
        services.AddHostedService<RequestListener>();
        services.AddHostedService<RunClaimer>();
        return services;
    }
}
