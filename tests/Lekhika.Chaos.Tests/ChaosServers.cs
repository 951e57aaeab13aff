using Lekhika.Chaos.Tests.Checks;
using Lekhika.Testing.Servers;

namespace Lekhika.Chaos.Tests;

/// <summary>A Postgres and a Redis that may be killed, for one seed after another; and the book that nobody disturbed.</summary>
public sealed class ChaosServers : IAsyncLifetime
{
    private Lazy<Task<Manuscript>> _undisturbed = null!;

    internal BreakablePostgres Postgres { get; private set; } = null!;

    internal BreakableRedis Redis { get; private set; } = null!;

    /// <inheritdoc />
    public async Task InitializeAsync()
    {
        Postgres = await BreakablePostgres.StartAsync();
        Redis = await BreakableRedis.StartAsync();
        _undisturbed = new(WriteUndisturbedAsync);
    }

    /// <inheritdoc />
    public async Task DisposeAsync()
    {
        await Postgres.DisposeAsync();
        await Redis.DisposeAsync();
    }

    internal Task<Manuscript> UndisturbedAsync() => _undisturbed.Value;

    private async Task<Manuscript> WriteUndisturbedAsync()
    {
        await using var run = await ChaosRun.StartAsync(this, workers: 1);
        await run.EndedAsync();
        return await Manuscript.ReadAsync(run.Run);
    }
}
