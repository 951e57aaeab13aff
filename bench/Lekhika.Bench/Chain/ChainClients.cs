using Lekhika.Testing.Limits;
using Lekhika.Worker.Ai;
using Lekhika.Worker.Ai.Chain;
using Lekhika.Worker.Ai.Providers;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lekhika.Bench.Chain;

/// <summary>The adapter alone, behind resilience, behind limits that never bind, and behind both and telemetry.</summary>
internal sealed class ChainClients : IDisposable
{
    private const string Model = "quill-1";

    private readonly LimitsConnection _limits;

    public ChainClients(Uri address, string redis)
    {
        _limits = new LimitsConnection(redis, "bench-chain:");
        var limiters = new ModelLimiters(_limits.Limits, TimeProvider.System, NullLogger<ModelLimiters>.Instance);
        var settings = new ProviderSettings { Concurrency = 1_000, RequestsPerMinute = 1_000_000, TokensPerMinute = 2_000_000_000 };
        var account = new ProviderAccount(Guid.Empty, "bench", ProviderKinds.OpenAi, address, null, settings);
        Adapter = ProviderClients.Chat(account, Model);
        var breakers = new ProviderBreakers(TimeProvider.System);
        Resilience = Adapter.UseResilience(account, breakers, TimeProvider.System);
        Limits = Adapter.UseLimits(account, Model, limiters);
        Chain = new TelemetryChatClient(Adapter, TimeProvider.System)
            .UseResilience(account, breakers, TimeProvider.System)
            .UseLimits(account, Model, limiters);
    }

    public IChatClient Adapter { get; }

    public IChatClient Resilience { get; }

    public IChatClient Limits { get; }

    public IChatClient Chain { get; }

    public void Dispose() => _limits.Dispose();
}
