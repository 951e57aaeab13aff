using Lekhika.Core.Executions;
using Lekhika.Persistence.Runs;
using Lekhika.Testing.Chat;
using Lekhika.Testing.Limits;
using Lekhika.Testing.Servers;
using Lekhika.Worker.Ai.Calls;
using Lekhika.Worker.Ai.Chain;
using Lekhika.Worker.Ai.Providers;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lekhika.Worker.Tests.Chain;

/// <summary>Clients of one scripted model behind its account's limits, each as another process would have it.</summary>
public abstract class LimitedClients : IAsyncLifetime
{
    private readonly List<LimitsConnection> _open = [];

    private protected ScriptedChatClient Model { get; } = new();

    private protected TestRedis Redis { get; private set; } = null!;

    public async Task InitializeAsync() => Redis = await TestRedis.CreateAsync();

    public Task DisposeAsync()
    {
        _open.ForEach(open => open.Dispose());
        return Task.CompletedTask;
    }

    private protected static ProviderAccount Account(ProviderSettings settings, string name = "acme") => new(Guid.Empty, name, ProviderKinds.OpenAi, null, null, settings);

    private protected static async Task ReadAsync(IChatClient client, string text, bool hasAlternative = false, CancellationToken cancellationToken = default)
    {
        var options = new ChatOptions().With(new ModelCall(default(RunLease), new StepKey("writer", 1, 1), "writer", "chapter", [], null!) { HasAlternative = hasAlternative });
        await foreach (var update in client.GetStreamingResponseAsync(text, options, cancellationToken))
        {
        }
    }

    /// <summary>A way of one's own to the limits.</summary>
    private protected LimitsConnection Connect(TimeSpan? lease = null, string? redis = null)
    {
        _open.Add(new LimitsConnection(redis ?? Redis.ConnectionString, Redis.Prefix, lease: lease));
        return _open[^1];
    }

    private protected IChatClient Client(ProviderSettings settings, string name = "acme", TimeSpan? lease = null, TimeProvider? time = null) => Client(Connect(lease), settings, name, time);

    private protected IChatClient Client(
        LimitsConnection connection, ProviderSettings settings, string name = "acme", TimeProvider? time = null, ILogger<ModelLimiters>? log = null, IChatClient? model = null) =>
        (model ?? Model).UseLimits(Account(settings, name), "quill-1", new ModelLimiters(connection.Limits, time ?? TimeProvider.System, log ?? NullLogger<ModelLimiters>.Instance));
}
