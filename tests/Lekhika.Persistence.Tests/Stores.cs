using Lekhika.Core.Executions;
using Lekhika.Core.Exports;
using Lekhika.Persistence.Batches;
using Lekhika.Persistence.Exports;
using Lekhika.Persistence.Runs;
using Lekhika.Persistence.Storage;
using Lekhika.Persistence.Tenancy;
using Lekhika.Testing.Runs;
using Lekhika.Testing.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Lekhika.Persistence.Tests;

/// <summary>The stores of a worker and an exporter over a database of their own, each under its service's role.</summary>
internal sealed class Stores : IAsyncDisposable
{
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    private readonly NpgsqlDataSource _worker;
    private readonly NpgsqlDataSource _exporter;

    private Stores(TestDatabase database, string worker)
    {
        Database = database;
        _worker = Source(worker);
        _exporter = Source(database.Exporter);
        Queue = new RunQueue(_worker);
        Batches = new BatchStore(_worker, new TenantDatabase(_worker));
        Journal = new RunJournal(_worker, TimeProvider.System, NullLogger<RunJournal>.Instance);
        Exports = new ExportQueue(_exporter, new TenantDatabase(_exporter));
        Results = new ExportResults(new TenantDatabase(_exporter), new PostgresContents(new TenantDatabase(_exporter)));
    }

    public TestDatabase Database { get; }

    public RunQueue Queue { get; }

    public BatchStore Batches { get; }

    public RunJournal Journal { get; }

    public ExportQueue Exports { get; }

    public ExportResults Results { get; }

    /// <param name="server">Another server than the shared one.</param>
    /// <param name="worker">Changes the worker's connection string.</param>
    public static async Task<Stores> StartAsync(string? server = null, Func<string, string>? worker = null)
    {
        var database = await TestDatabase.CreateAsync(server);
        var stores = new Stores(database, worker?.Invoke(database.Worker) ?? database.Worker);
        await stores.Journal.StartAsync(CancellationToken.None);
        return stores;
    }

    public static NpgsqlDataSource Source(string address)
    {
        var builder = new NpgsqlDataSourceBuilder(address);
        PersistenceExtensions.ConfigureDataSource(builder);
        return builder.Build();
    }

    public async Task<RunLease> ClaimOneAsync() => (await ClaimAsync("worker-1", 1, Lease)).ShouldHaveSingleItem();

    public async Task<IReadOnlyList<RunLease>> ClaimAsync(string worker, int most, TimeSpan lease) =>
        [.. (await Queue.ClaimAsync(worker, most, lease, CancellationToken.None)).Select(run => run.Lease)];

    public async Task<(QueuedRun Run, RunLease Lease)> RunningAsync()
    {
        var run = await QueuedRun.InsertAsync(Database);
        return (run, await ClaimOneAsync());
    }

    public Task<bool> CommitAsync(RunCommit commit) => Journal.CommitAsync(commit, CancellationToken.None);

    /// <summary>A run whose manuscript is with the exporter.</summary>
    public async Task<QueuedRun> ExportingAsync(params string[] formats)
    {
        var (run, lease) = await RunningAsync();
        var book = new BookRecord(Guid.NewGuid(), 1, "T", null, "A", "en", null, "offline", 3, [new(1, 1)], ["By a script."]);
        (await CommitAsync(Step(lease, "writer", 1) with { Chapter = new ChapterVersion(1, 1, "One", "Three little words", 3, "writer") })).ShouldBeTrue();
        (await CommitAsync(new RunCommit(lease, [new(JournalEventTypes.ManuscriptCompiled)])
        {
            Command = RunCommand.Compile,
            Book = book,
            Exports = new ExportOrder(1, book.Id, [.. formats.Select(format => ExportFormat.Find(format)!)], "{}"),
            Figures = new RunFigures(86, 3, 1, 1),
        })).ShouldBeTrue();
        return run;
    }

    public Task<IReadOnlyList<ExportLease>> ClaimExportsAsync(int most) => Exports.ClaimAsync("exporter-1", most, Lease, CancellationToken.None);

    public async Task<ExportFormat> FormatAsync(ExportLease lease) =>
        ExportFormat.Find((await Database.AskAsync<string>("SELECT format FROM export_jobs WHERE id = $1", lease.JobId))!)!;

    public async Task<bool> SucceedAsync(ExportLease lease, byte[]? content = null) =>
        await Results.SucceedAsync(lease, await FormatAsync(lease), File(content ?? [1, 2, 3]), TimeSpan.FromMilliseconds(5), CancellationToken.None);

    public async Task<bool> FailAsync(ExportLease lease, string message) => await Results.FailAsync(lease, message, CancellationToken.None);

    public static ExportFile File(byte[] content) => new(Guid.NewGuid(), "T.txt", content, System.Security.Cryptography.SHA256.HashData(content), null);

    public static RunCommit Event(RunLease lease, string type, string data = "{}") => new(lease, [new JournalEvent(type, null, data)]);

    public static RunCommit Step(RunLease lease, string node, int item) => new(lease, [new JournalEvent(JournalEventTypes.StepCompleted, new StepKey(node, item, 1))])
    {
        Output = new StepOutput(new StepKey(node, item, 1), "book_content", "{}", "m", 1, 2),
    };

    public async ValueTask DisposeAsync()
    {
        await Journal.StopAsync(CancellationToken.None);
        Journal.Dispose();
        await _worker.DisposeAsync();
        await _exporter.DisposeAsync();
        await Database.DisposeAsync();
    }
}
