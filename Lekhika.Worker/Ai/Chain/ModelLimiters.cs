using System.Collections.Concurrent;
using Lekhika.Persistence.Signals;
using Lekhika.Worker.Ai.Providers;

namespace Lekhika.Worker.Ai.Chain;

/// <summary>The limiters of this process, one for each model of each provider account.</summary>
internal sealed partial class ModelLimiters(SharedLimits shared, TimeProvider time, ILogger<ModelLimiters> log)
{
    private readonly ConcurrentDictionary<string, ModelLimiter> _all = new(StringComparer.Ordinal);
    private int _isAway;

    public ModelLimiter For(ProviderAccount account, string modelId) =>
        _all.GetOrAdd($"{account.Key}:{modelId}", static (key, own) => new ModelLimiter(key, own.Shared, own.All, own.Time), (Shared: shared, All: this, Time: time));

    /// <summary>Tells the log once when Redis does not answer, and once when it does again.</summary>
    public void Heard(bool answers)
    {
        if (Interlocked.Exchange(ref _isAway, answers ? 0 : 1) is var before && before == (answers ? 0 : 1))
        {
            return;
        }

        if (answers)
        {
            LogBack(log);
        }
        else
        {
            LogAway(log);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Redis does not answer: the limits of models hold within each process now, not over all of them.")]
    private static partial void LogAway(ILogger log);

    [LoggerMessage(LogLevel.Information, "Redis answers again: the limits of models hold over all processes.")]
    private static partial void LogBack(ILogger log);
}
