using System.Security.Cryptography;
using Lekhika.Persistence.Storage;
using Lekhika.Testing.Runs;

namespace Lekhika.Persistence.Tests.Storage;

public sealed class RetentionSpecs : IAsyncLifetime
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private ObjectStore _store = null!;

    public async Task InitializeAsync() => _store = await ObjectStore.StartAsync();

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task What_is_old_goes_but_never_the_newest_of_its_run_and_format()
    {
        var run = await _store.Stores.ExportingAsync("md", "txt");
        await FinishAsync("md", "txt");
        for (var order = 2; order <= 4; order++)
        {
            await OrderAsync(run, order, "txt");
        }

        await AgeAsync(run, 1, 400);
        await AgeAsync(run, 2, 390);
        await AgeAsync(run, 3, 380);
        await AgeAsync(run, 4, 370);

        (await RemoveAsync(365, newest: 2)).ShouldBe(2);

        (await LeftAsync(run)).ShouldBe(["md 1", "txt 3", "txt 4"]);
        (await RemoveAsync(365, newest: 2)).ShouldBe(0);
        (await RemoveAsync(385, newest: 1)).ShouldBe(0, "the third is younger");
        (await RemoveAsync(365, newest: 1)).ShouldBe(1);
        (await LeftAsync(run)).ShouldBe(["md 1", "txt 4"]);
        (await run.AskAsync<long>("SELECT count(*) FROM files WHERE execution_id = $1")).ShouldBe(5, "the rows stay and tell of it");
    }

    [Fact]
    public async Task A_limit_takes_the_oldest_first()
    {
        var run = await _store.Stores.ExportingAsync("txt");
        await FinishAsync("txt");
        await OrderAsync(run, 2, "txt");
        await OrderAsync(run, 3, "txt");
        await AgeAsync(run, 1, 400);
        await AgeAsync(run, 2, 390);

        (await _store.Retention.RemoveFilesAsync(TimeSpan.FromDays(365), 1, 1, CancellationToken.None)).ShouldBe(1);

        (await LeftAsync(run)).ShouldBe(["txt 2", "txt 3"]);
    }

    [Fact]
    public async Task The_objects_of_removed_files_go_and_those_of_others_stay()
    {
        var run = await _store.Stores.ExportingAsync("txt");
        await FinishAsync("txt");
        await OrderAsync(run, 2, "txt");
        await AgeAsync(run, 1, 400);
        _store.Server.Keys.Count.ShouldBe(2);
        (await RemoveAsync(365)).ShouldBe(1);

        (await SweepAsync(Hour)).ShouldBe(0, "the object is young");
        await _store.Stores.Database.ExecuteAsync("UPDATE file_objects SET begun_at = begun_at - interval '2 hours'");
        (await SweepAsync(Hour)).ShouldBe(1);

        var kept = await run.AskAsync<string>("SELECT o.key FROM file_objects o JOIN files f ON f.object_id = o.id WHERE f.execution_id = $1 AND f.removed_at IS NULL");
        _store.Server.Keys.ShouldBe([kept.ShouldNotBeNull()]);
        (await SweepAsync(Hour)).ShouldBe(0);
    }

    [Fact]
    public async Task An_object_whose_exporter_died_before_the_row_goes_once_the_attempt_is_over()
    {
        var run = await _store.Stores.ExportingAsync("txt");
        var lease = (await _store.Stores.ClaimExportsAsync(1)).ShouldHaveSingleItem();
        await _store.Contents.KeepAsync(lease, Guid.NewGuid(), [1, 2, 3], SHA256.HashData([1, 2, 3]), CancellationToken.None);
        await _store.Stores.Database.ExecuteAsync("UPDATE file_objects SET begun_at = begun_at - interval '2 hours'");
        _store.Server.Keys.Count.ShouldBe(1);

        (await SweepAsync(Hour)).ShouldBe(0, "the attempt still has its lease and may write the row");
        await _store.Stores.Database.ExecuteAsync("UPDATE export_jobs SET lease_until = now() - interval '1 second'");
        await FinishAsync("txt");
        (await SweepAsync(Hour)).ShouldBe(1);

        var key = await run.AskAsync<string>("SELECT o.key FROM file_objects o JOIN files f ON f.object_id = o.id WHERE f.execution_id = $1");
        _store.Server.Keys.ShouldBe([key.ShouldNotBeNull()]);
    }

    [Fact]
    public async Task A_store_that_is_away_loses_no_work()
    {
        var run = await _store.Stores.ExportingAsync("txt");
        await FinishAsync("txt");
        await OrderAsync(run, 2, "txt");
        await AgeAsync(run, 1, 400);
        await RemoveAsync(365);
        await _store.Stores.Database.ExecuteAsync("UPDATE file_objects SET begun_at = begun_at - interval '2 hours'");
        await _store.Server.StopAsync();

        await Should.ThrowAsync<StorageException>(() => SweepAsync(Hour));
        await _store.Server.StartAgainAsync();
        (await SweepAsync(Hour)).ShouldBe(1);

        _store.Server.Keys.Count.ShouldBe(1);
    }

    [Fact]
    public async Task One_process_sweeps_at_a_time()
    {
        var first = (await _store.Retention.TryLockAsync(CancellationToken.None)).ShouldNotBeNull();
        (await _store.Retention.TryLockAsync(CancellationToken.None)).ShouldBeNull();

        await first.DisposeAsync();

        await using var next = (await _store.Retention.TryLockAsync(CancellationToken.None)).ShouldNotBeNull();
    }

    private Task<int> RemoveAsync(int days, int newest = 1) => _store.Retention.RemoveFilesAsync(TimeSpan.FromDays(days), newest, 100, CancellationToken.None);

    private async Task<int> SweepAsync(TimeSpan age)
    {
        var useless = await _store.Retention.UselessObjectsAsync(age, Guid.Empty, 100, CancellationToken.None);
        foreach (var one in useless)
        {
            await _store.Retention.RemoveAsync(one, CancellationToken.None);
        }

        return useless.Count;
    }

    /// <summary>Makes the files of all waiting jobs, in the object store.</summary>
    private async Task FinishAsync(params string[] formats)
    {
        var claimed = await _store.Stores.ClaimExportsAsync(10);
        claimed.Count.ShouldBe(formats.Length);
        foreach (var lease in claimed)
        {
            var format = await _store.Stores.FormatAsync(lease);
            (await _store.Results.SucceedAsync(lease, format, Stores.File(ObjectStore.Bytes(10)), TimeSpan.Zero, CancellationToken.None)).ShouldBeTrue();
        }
    }

    private async Task OrderAsync(QueuedRun run, int order, string format)
    {
        await _store.Stores.Database.ExecuteAsync("UPDATE engine_executions SET status = 'exporting', finished_at = NULL WHERE id = $1", run.Id);
        await _store.Stores.Database.ExecuteAsync("INSERT INTO export_jobs (id, execution_id, user_id, order_no, format, uses_pages, settings) VALUES (gen_random_uuid(), $1, $2, $3, $4, false, '{}')", run.Id, run.UserId, order, format);
        await FinishAsync(format);
    }

    private Task AgeAsync(QueuedRun run, int order, int days) => _store.Stores.Database.ExecuteAsync(
        "UPDATE files f SET created_at = now() - make_interval(days => $3) FROM export_jobs j WHERE j.id = f.export_job_id AND f.execution_id = $1 AND j.order_no = $2", run.Id, order, days);

    private static async Task<string[]> LeftAsync(QueuedRun run) => await run.AskAsync<string[]>(
        "SELECT array_agg(f.format || ' ' || j.order_no ORDER BY f.format, j.order_no) FROM files f JOIN export_jobs j ON j.id = f.export_job_id WHERE f.execution_id = $1 AND f.removed_at IS NULL") ?? [];
}
