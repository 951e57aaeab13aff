using Lekhika.Chaos.Tests.Disturbances;
using Lekhika.Testing;
using Lekhika.Testing.Networks;
using Lekhika.Testing.Runs;
using Lekhika.Testing.Servers;
using Lekhika.Testing.Simulated;
using Npgsql;

namespace Lekhika.Chaos.Tests;

/// <summary>One run of 40 nodes or more with all that it needs: a database, a model, workers, and the links between them.</summary>
internal sealed class ChaosRun : IAsyncDisposable
{
    public const int Chapters = 34;

    /// <summary>How long the disturbed book may take; without disturbances it takes about 4 s.</summary>
    // The provider's breaker opens for 30 s, and again when the call that finds out meets one of the last answers that are to be lost: seed 8 does both.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(160);

    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    private readonly Stack<IAsyncDisposable> _parts = new();
    private readonly TestFolder _folder = TestFolder.Create("chaos");
    private TestDatabase _database = null!;
    private NpgsqlDataSource _watch = null!;

    private ChaosRun()
    {
    }

    public QueuedRun Run { get; private set; } = null!;

    public SimulatedModelProcess Model { get; private set; } = null!;

    public Targets Targets { get; private set; } = null!;

    public Chronicle Chronicle { get; } = new();

    /// <summary>From the first start to the settled end.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>Starts everything, then queues the run.</summary>
    /// <param name="servers">The servers that are killed.</param>
    /// <param name="workers">How many workers.</param>
    /// <param name="book">The graph.</param>
    public static async Task<ChaosRun> StartAsync(ChaosServers servers, int workers, ChaosBook book)
    {
        var chaos = new ChaosRun();
        try
        {
            await chaos.PrepareAsync(servers, workers);
            chaos.Run = await QueuedRun.InsertAsync(chaos._database, Chapters, Chapters * 300, workflow: book.Workflow);
            chaos.Chronicle.Note($"the run is queued: {book.Name}");
            if (book.Workflow is not null)
            {
                chaos.Part(new Person(chaos.Run, chaos.Chronicle)).Watch();
            }

            return chaos;
        }
        catch
        {
            await chaos.DisposeAsync();
            throw;
        }
    }

    /// <summary>The worker that holds the run; null when nobody does, or nobody can say.</summary>
    public async Task<string?> HolderAsync() => await LookAsync("SELECT lease_owner FROM engine_executions WHERE id = $1") as string;

    /// <summary>Completes when the worker's part has ended, well or not, or patience has.</summary>
    public async Task EndedAsync()
    {
        try
        {
            await Eventually.TrueAsync(HasEndedAsync, "the run has ended", Patience);
        }
        catch (TimeoutException)
        {
            // The end state says it.
            Chronicle.Note($"patience ends after {Patience.TotalSeconds} s");
        }
    }

    /// <summary>Waits until no worker holds the run any more: what was asleep has woken up and has learnt that it ended.</summary>
    public async Task SettleAsync()
    {
        try
        {
            await Eventually.TrueAsync(async () => (await Task.WhenAll(Targets.Workers.Select(HoldsNothingAsync))).All(free => free), "no worker holds a run");
        }
        catch (TimeoutException stuck)
        {
            Chronicle.Stuck(stuck.Message);
        }

        Elapsed = Chronicle.Elapsed;
    }

    public async ValueTask DisposeAsync()
    {
        while (_parts.TryPop(out var part))
        {
            await part.DisposeAsync();
        }

        _folder.Dispose();
    }

    private static async Task<bool> HoldsNothingAsync(WorkerSlot worker)
    {
        if (worker.Address is not { } address)
        {
            return false;
        }

        try
        {
            return (await Http.GetStringAsync(new Uri(address, "/health"))).Contains("0 of ", StringComparison.Ordinal);
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task PrepareAsync(ChaosServers servers, int workers)
    {
        Model = Part(await SimulatedModelProcess.StartAsync(_folder["model.jsonl"]));
        _database = Part(await TestDatabase.CreateAsync(servers.Postgres.ConnectionString));
        _watch = Part(NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(_database.Admin) { Pooling = true, MaxPoolSize = 2 }.ConnectionString));
        var links = new Links(
            Part(new BreakableLink(servers.Postgres.ConnectionString)),
            Part(new BreakableLink(int.Parse(servers.Redis.ConnectionString.Split(':', ',')[1]))),
            Part(new BreakableLink(Model.Address.Port)));
        var settings = new WorkerSettings(_database, servers.Redis.ConnectionString, links);
        Targets = new Targets([.. Enumerable.Range(1, workers).Select(number => new WorkerSlot(number, settings.StartAsync, Chronicle))], links, servers.Postgres, servers.Redis, HolderAsync);
        Part(Targets);
        await Task.WhenAll(Targets.Workers.Select(worker => worker.StartAsync()));
    }

    private async Task<bool> HasEndedAsync() =>
        await LookAsync("SELECT status NOT IN ('queued', 'running', 'paused', 'stopping') FROM engine_executions WHERE id = $1") is true;

    /// <summary>A value about the run over a connection that is kept; null while the database is down.</summary>
    private async Task<object?> LookAsync(string sql)
    {
        try
        {
            await using var command = _watch.CreateCommand(sql);
            command.Parameters.AddWithValue(Run.Id);
            return await command.ExecuteScalarAsync();
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }

    private TPart Part<TPart>(TPart part)
        where TPart : IAsyncDisposable
    {
        _parts.Push(part);
        return part;
    }
}
