namespace Lekhika.Worker.Ai.Batches;

internal static class BatchRegistration
{
    public static IServiceCollection AddBatches(this IServiceCollection services)
    {
        services.AddOptions<BatchOptions>().BindConfiguration("Batches").ValidateDataAnnotations()
            .Validate(options => options.Tick > TimeSpan.Zero && options.Lease > TimeSpan.Zero, "Batches:Tick and Batches:Lease are longer than nothing.").ValidateOnStart();
        services.AddSingleton<BatchLane>();
        services.AddSingleton<BatchDesk>();
        services.AddHostedService<BatchService>();
        return services;
    }
}
