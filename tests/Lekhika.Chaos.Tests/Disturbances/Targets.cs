using Lekhika.Testing.Networks;
using Lekhika.Testing.Servers;

namespace Lekhika.Chaos.Tests.Disturbances;

/// <summary>All that may be disturbed.</summary>
internal sealed record Targets(IReadOnlyList<WorkerSlot> Workers, Links Links, BreakablePostgres Postgres, BreakableRedis Redis, Func<Task<string?>> HolderAsync) : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await Task.WhenAll(Workers.Select(worker => worker.DisposeAsync().AsTask()));
}

/// <summary>The ways that the workers' connections take.</summary>
internal sealed record Links(BreakableLink Postgres, BreakableLink Redis, BreakableLink Model)
{
    public (string Name, BreakableLink Link) this[int target] => (target % 3) switch
    {
        0 => ("Postgres", Postgres),
        1 => ("Redis", Redis),
        _ => ("the model", Model),
    };
}
