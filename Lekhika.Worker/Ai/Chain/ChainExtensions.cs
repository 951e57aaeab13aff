using Lekhika.Worker.Ai.Providers;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Ai.Chain;

/// <summary>Decorators of a model's client. Limits go outside of resilience: a call that waits for its turn is not a silent provider.</summary>
internal static class ChainExtensions
{
    /// <summary>What the decorators share within a process.</summary>
    public static IServiceCollection AddChain(this IServiceCollection services) => services.AddSingleton<ModelLimiters>().AddSingleton<ProviderBreakers>().AddSingleton<WholeCalls>();

    /// <summary>Holds the model to the account's limits.</summary>
    public static IChatClient UseLimits(this IChatClient inner, ProviderAccount account, string modelId, ModelLimiters limiters) =>
        new LimitingChatClient(inner, account, modelId, limiters);

    /// <summary>Error classes, time limits, and the account's breaker.</summary>
    public static IChatClient UseResilience(this IChatClient inner, ProviderAccount account, ProviderBreakers breakers, TimeProvider time, CallTimes? times = null) =>
        new ResilientChatClient(inner, account, breakers.For(account), time, times ?? new CallTimes());

    extension(ProviderAccount account)
    {
        /// <summary>Tells accounts apart, in all processes alike; those of the environment by their names.</summary>
        internal string Key => account.Id == Guid.Empty ? account.Name : account.Id.ToString("N");
    }
}
