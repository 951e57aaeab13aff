using Lekhika.Worker.Ai.Routing;

namespace Lekhika.Worker.Ai.Simulation;

internal static class SimulationRegistration
{
    /// <summary>
    /// Registers the simulated model when the configuration switches it on. Called before every other provider's registration, so that
    /// it is the default then: a rehearsal with a key of a real provider in the environment costs nothing.
    /// </summary>
    public static IServiceCollection AddSimulation(this IServiceCollection services, IConfiguration configuration)
    {
        var options = configuration.GetSection("Simulation").Get<SimulationOptions>();
        return options is { Enabled: true }
            ? services.AddSingleton(new ModelProvider(
                SimulatedChatClient.ProviderKey, SimulatedChatClient.ModelId, new SimulatedChatClient(options.Latencies), SimulatedChatClient.Colophon))
            : services;
    }
}
