using Lekhika.Chaos.Tests.Checks;
using Lekhika.Testing.Servers;

namespace Lekhika.Chaos.Tests;

/// <summary>A Postgres and a Redis that may be killed, for one seed after another; and the books that nobody disturbed.</summary>
public sealed class ChaosServers : IAsyncLifetime
{
    private readonly Dictionary<ChaosBook, Manuscript> _undisturbed = [];

    internal BreakablePostgres Postgres { get; private set; } = null!;

    internal BreakableRedis Redis { get; private set; } = null!;

    /// <inheritdoc />
    public async Task InitializeAsync()
    {
        Postgres = await BreakablePostgres.StartAsync();
        Redis = await BreakableRedis.StartAsync();
    }

    /// <inheritdoc />
    public async Task DisposeAsync()
    {
        await Postgres.DisposeAsync();
        await Redis.DisposeAsync();
    }

    /// <summary>The seeds are tried one after another, so each book is written once.</summary>
    internal async Task<Manuscript> UndisturbedAsync(ChaosBook book)
    {
        if (_undisturbed.TryGetValue(book, out var written))
        {
            return written;
        }

        await using var run = await ChaosRun.StartAsync(this, workers: 1, book);
        await run.EndedAsync();
        await run.Run.UntilChaptersAsync(ChaosRun.Chapters);
        return _undisturbed[book] = await Manuscript.ReadAsync(run.Run);
    }
}
