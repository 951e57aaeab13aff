using Lekhika.Persistence.Submissions;
using Lekhika.Worker.Internal.Self;

namespace Lekhika.Worker.Internal;

internal static class InternalRegistration
{
    /// <summary>The internal endpoints on their own port, and the last lines of the log for them.</summary>
    public static IServiceCollection AddInternal(this IServiceCollection services)
    {
        services.AddOptions<InternalOptions>()
            .BindConfiguration("Worker")
            .Configure<IConfiguration>((options, configuration) => options.ReadEnvironment(configuration))
            .Validate(options => options.HasPort, InternalOptions.BadPort)
            .Validate(options => options.HasAddress, InternalOptions.BadAddress)
            .Validate(options => options.HasSafeSecret, InternalOptions.BadSecret)
            .ValidateOnStart();
        services.AddSingleton<LogRing>();
        services.AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<LogRing>());
        services.AddSingleton<ExecutionStore>();
        services.AddSingleton<WorkerCondition>();
        services.AddSingleton<InternalServer>();
        services.AddHostedService(provider => provider.GetRequiredService<InternalServer>());
        return services;
    }
}
