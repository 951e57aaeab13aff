using Lekhika.Worker.Prompts;

namespace Lekhika.Worker.Ai;

internal static class ModelRegistration
{
    public static IServiceCollection AddModels(this IServiceCollection services)
    {
        services.AddSingleton<PromptBook>();
        services.AddSingleton<NodeModels>();
        services.AddSingleton<ModelCatalogue>();
        return services;
    }
}
