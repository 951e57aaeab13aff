using Lekhika.Core;
using Lekhika.Persistence.Signals;
using Lekhika.Testing.Simulated;
using Lekhika.Worker.Ai.Chain;
using Lekhika.Worker.Ai.Providers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lekhika.Testing.Limits;

/// <summary>Limited calls as a process of its own: <c>dotnet Lekhika.Testing.dll limited-caller JSON</c> with <see cref="LimitedCalls"/>; a line for each begin and end.</summary>
internal static class LimitedCaller
{
    public const string Command = "limited-caller";
    public const string Began = "began";
    public const string Ended = "ended";

    public static async Task<int> RunAsync(string order)
    {
        var calls = Json.Read<LimitedCalls>(order);
        using var connection = new LimitsConnection(calls.Redis, calls.Prefix, TimeSpan.FromMilliseconds(calls.WindowMs), TimeSpan.FromMilliseconds(calls.LeaseMs));
        var limiters = new ModelLimiters(connection.Limits, TimeProvider.System, NullLogger<ModelLimiters>.Instance);
        var limiter = limiters.For(new ProviderAccount(Guid.Empty, "shared", ProviderKinds.OpenAi, null, null, new ProviderSettings()), "quill-1");
        await Task.WhenAll(Enumerable.Range(0, calls.Callers).Select(_ => CallAsync(limiter, calls)));
        return 0;
    }

    private static async Task CallAsync(ModelLimiter limiter, LimitedCalls calls)
    {
        var limits = new ModelLimits(calls.Concurrency, calls.Requests, null);
        while (true)
        {
            await using var lease = await limiter.AcquireAsync("quill-1", limits, 0, ModelLimiter.LongPatience, CancellationToken.None);
            Console.WriteLine($"{Began} {lease.Grant.Id} {(lease.Grant.At - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond}");
            await Task.Delay(calls.HoldMs);
            Console.WriteLine($"{Ended} {lease.Grant.Id} {ModelLog.Now()}");
        }
    }
}
