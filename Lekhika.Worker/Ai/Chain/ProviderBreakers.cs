using System.Collections.Concurrent;
using Lekhika.Worker.Ai.Providers;

namespace Lekhika.Worker.Ai.Chain;

/// <summary>The breakers of this process, one for each provider account: all its models share it.</summary>
internal sealed class ProviderBreakers(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, ProviderBreaker> _all = new(StringComparer.Ordinal);

    public ProviderBreaker For(ProviderAccount account) => _all.GetOrAdd(account.Key, static (_, time) => new ProviderBreaker(time), time);
}
