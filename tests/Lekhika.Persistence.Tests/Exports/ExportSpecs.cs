using System.Security.Cryptography;
using Lekhika.Persistence.Exports;
using Lekhika.Persistence.Tenancy;
using Lekhika.Testing.Runs;

namespace Lekhika.Persistence.Tests.Exports;

public sealed class ExportSpecs : IAsyncLifetime
{
    private Stores _stores = null!;

    public async Task InitializeAsync() => _stores = await Stores.StartAsync();

    public async Task DisposeAsync() => await _stores.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Formats_that_use_pages_wait_for_the_PDF_of_their_order_or_its_failure(bool succeeds)
    {
        await _stores.ExportingAsync("pdf", "epub", "docx", "txt");

        var first = await ClaimAsync();
        first.Keys.ShouldBe(["pdf", "txt"], ignoreOrder: true);
        (await ClaimAsync()).ShouldBeEmpty();
        (succeeds ? await _stores.SucceedAsync(first["pdf"]) : await _stores.FailAsync(first["pdf"], "No ink.")).ShouldBeTrue();

        (await ClaimAsync()).Keys.ShouldBe(["epub", "docx"], ignoreOrder: true);
    }

    [Fact]
    public async Task Formats_that_use_pages_have_them_while_the_PDF_is_still_checked()
    {
        await _stores.ExportingAsync("pdf", "epub");
        var pdf = (await ClaimAsync())["pdf"];
        await _stores.Results.TellPagesAsync(pdf with { Attempt = 9 }, """{"chapters": [7]}""", CancellationToken.None);
        (await ClaimAsync()).ShouldBeEmpty("who has lost the job tells nothing");

        await _stores.Results.TellPagesAsync(pdf, """{"chapters": [5]}""", CancellationToken.None);

        var epub = (await ClaimAsync())["epub"];
        await using var source = Stores.Source(_stores.Database.Exporter);
        var loader = new ExportLoader(new TenantDatabase(source));
        (await loader.LoadAsync(epub, CancellationToken.None))!.Pages.ShouldBe("""{"chapters": [5]}""");
        (await _stores.FailAsync(pdf, "No ink.")).ShouldBeTrue();
        (await loader.LoadAsync(epub, CancellationToken.None))!.Pages.ShouldBeNull("nobody has this PDF");
    }

    [Fact]
    public async Task Without_a_PDF_nobody_waits()
    {
        await _stores.ExportingAsync("epub", "docx");

        (await ClaimAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_PDF_is_claimed_first_and_the_older_order_before_the_younger()
    {
        var older = await _stores.ExportingAsync("txt", "pdf");
        await _stores.ExportingAsync("md");
        await _stores.Database.ExecuteAsync("UPDATE export_jobs SET created_at = (SELECT min(created_at) FROM export_jobs) WHERE execution_id = $1", older.Id);

        var order = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            order.Add((await _stores.FormatAsync((await _stores.ClaimExportsAsync(1)).ShouldHaveSingleItem())).Key);
        }

        order.ShouldBe(["pdf", "txt", "md"]);
    }

    [Fact]
    public async Task One_success_completes_the_run_and_the_file_comes_back_to_the_letter()
    {
        var content = RandomNumberGenerator.GetBytes(3_000_000);
        var run = await _stores.ExportingAsync("md", "txt");
        var claimed = await ClaimAsync();

        (await _stores.FailAsync(claimed["md"], "No ink.")).ShouldBeTrue();
        (await StatusAsync(run)).ShouldBe("exporting 93");
        (await _stores.SucceedAsync(claimed["txt"], content)).ShouldBeTrue();

        (await StatusAsync(run)).ShouldBe("completed 100");
        (await run.AskAsync<byte[]>("SELECT c.content FROM files f JOIN file_contents c ON c.file_id = f.id WHERE f.execution_id = $1")).ShouldBe(content);
        (await run.AskAsync<bool>("SELECT f.bytes = 3000000 AND f.sha256 = sha256(c.content) AND f.name = 'T.txt' AND f.media_type = 'text/plain; charset=utf-8' FROM files f JOIN file_contents c ON c.file_id = f.id WHERE f.execution_id = $1")).ShouldBeTrue();
        (await run.AskAsync<bool>("SELECT error IS NULL AND finished_at IS NOT NULL FROM engine_executions WHERE id = $1")).ShouldBeTrue();
        (await run.JournalAsync()).TakeLast(3).ShouldBe(["export.failed", "export.succeeded", "run.completed"]);
    }

    [Theory]
    [InlineData("No ink.")]
    [InlineData("")]
    [InlineData("A\0B")]
    [InlineData("long")]
    [InlineData("लम्बा")]
    public async Task When_nothing_could_be_made_the_run_fails_whatever_the_reasons_hold(string reason)
    {
        var run = await _stores.ExportingAsync("docx", "html", "md", "txt");
        var message = reason.Length > 3 && reason is not "No ink." ? string.Concat(Enumerable.Repeat(reason + "\"\n", 3_000)) : reason;

        foreach (var lease in (await ClaimAsync()).Values)
        {
            (await _stores.FailAsync(lease, message)).ShouldBeTrue();
        }

        (await StatusAsync(run)).ShouldBe("failed 100");
        (await run.AskAsync<string>("SELECT error->>'message' FROM engine_executions WHERE id = $1")).ShouldNotBeNull().ShouldStartWith("No format could be made.");
        (await run.AskAsync<string>("SELECT error->>'class' FROM engine_executions WHERE id = $1")).ShouldBe("export");
        if (reason == "No ink.")
        {
            (await run.AskAsync<string>("SELECT error->>'message' FROM engine_executions WHERE id = $1")).ShouldNotBeNull().ShouldContain("HTML: No ink.");
        }

        (await run.JournalAsync())[^1].ShouldBe("run.failed");
    }

    [Fact]
    public async Task A_run_that_is_stopping_is_stopped_by_the_last_format()
    {
        var run = await _stores.ExportingAsync("md", "txt");
        var claimed = await ClaimAsync();
        (await _stores.SucceedAsync(claimed["md"])).ShouldBeTrue();
        await _stores.Database.ExecuteAsync("UPDATE engine_executions SET status = 'stopping' WHERE id = $1", run.Id);

        (await _stores.FailAsync(claimed["txt"], "x")).ShouldBeTrue();

        (await StatusAsync(run)).ShouldStartWith("stopped");
        (await run.JournalAsync())[^1].ShouldBe("run.stopped");
        (await run.AskAsync<long>("SELECT count(*) FROM files WHERE execution_id = $1")).ShouldBe(1);
    }

    [Fact]
    public async Task An_old_attempt_writes_nothing()
    {
        var run = await _stores.ExportingAsync("txt");
        var old = (await _stores.ClaimExportsAsync(1)).ShouldHaveSingleItem();
        await _stores.Database.ExecuteAsync("UPDATE export_jobs SET lease_until = now() - interval '1 second'");
        var current = (await _stores.ClaimExportsAsync(1)).ShouldHaveSingleItem();
        current.ShouldBe(old with { Attempt = 2, Crashes = 1 });

        (await _stores.Exports.RenewAsync(old, Stores.Lease, CancellationToken.None)).ShouldBeFalse();
        (await _stores.SucceedAsync(old)).ShouldBeFalse();
        (await _stores.FailAsync(old, "late")).ShouldBeFalse();
        await _stores.Exports.HandBackAsync(old, CancellationToken.None);
        (await run.JournalAsync())[^1].ShouldBe("manuscript.compiled");
        (await run.AskAsync<long>("SELECT (SELECT count(*) FROM files) + (SELECT count(*) FROM file_contents)")).ShouldBe(0);

        (await _stores.Exports.RenewAsync(current, Stores.Lease, CancellationToken.None)).ShouldBeTrue();
        (await _stores.SucceedAsync(current)).ShouldBeTrue();
        (await _stores.SucceedAsync(current)).ShouldBeFalse();
        (await run.JournalAsync()).TakeLast(2).ShouldBe(["export.succeeded", "run.completed"]);
    }

    [Fact]
    public async Task The_end_of_an_old_order_told_again_does_not_end_the_next_one()
    {
        var run = await _stores.ExportingAsync("txt");
        var first = (await _stores.ClaimExportsAsync(1)).ShouldHaveSingleItem();
        (await _stores.SucceedAsync(first)).ShouldBeTrue();
        await _stores.Database.ExecuteAsync("UPDATE engine_executions SET status = 'exporting', finished_at = NULL WHERE id = $1", run.Id);
        await _stores.Database.ExecuteAsync("INSERT INTO export_jobs (id, execution_id, user_id, order_no, format, uses_pages, settings) VALUES (gen_random_uuid(), $1, $2, 2, 'md', false, '{}')", run.Id, run.UserId);

        (await _stores.SucceedAsync(first)).ShouldBeFalse();

        (await StatusAsync(run)).ShouldStartWith("exporting");
        (await _stores.SucceedAsync((await _stores.ClaimExportsAsync(1)).ShouldHaveSingleItem())).ShouldBeTrue();
        (await StatusAsync(run)).ShouldStartWith("completed");
        (await run.JournalAsync()).Count(type => type == "run.completed").ShouldBe(2);
    }

    [Fact]
    public async Task A_job_that_is_handed_back_is_claimed_anew()
    {
        await _stores.ExportingAsync("txt");
        var first = (await _stores.ClaimExportsAsync(1)).ShouldHaveSingleItem();

        await _stores.Exports.HandBackAsync(first, CancellationToken.None);

        (await _stores.SucceedAsync(first)).ShouldBeFalse();
        (await _stores.ClaimExportsAsync(1)).ShouldHaveSingleItem().ShouldBe(first with { Attempt = 2 });
    }

    [Fact]
    public async Task Hand_backs_time_outs_and_leases_that_ran_out_are_counted_apart_and_an_old_attempt_counts_nothing()
    {
        await _stores.ExportingAsync("txt");
        var first = (await _stores.ClaimExportsAsync(1)).ShouldHaveSingleItem();
        await _stores.Exports.TimedOutAsync(first, CancellationToken.None);
        var second = (await _stores.ClaimExportsAsync(1)).ShouldHaveSingleItem();
        second.ShouldBe(first with { Attempt = 2, Timeouts = 1 });

        await _stores.Exports.HandBackAsync(second, CancellationToken.None);
        await _stores.Exports.TimedOutAsync(first, CancellationToken.None);
        var third = (await _stores.ClaimExportsAsync(1)).ShouldHaveSingleItem();
        await _stores.Exports.TimedOutAsync(second, CancellationToken.None);
        third.ShouldBe(second with { Attempt = 3 });

        await _stores.Database.ExecuteAsync("UPDATE export_jobs SET lease_until = now() - interval '1 second'");
        (await _stores.ClaimExportsAsync(1)).ShouldHaveSingleItem().ShouldBe(third with { Attempt = 4, Crashes = 1 });
    }

    [Fact]
    public async Task A_job_over_which_an_exporter_died_is_made_alone_so_that_no_other_is_counted_with_it()
    {
        await _stores.ExportingAsync("md", "txt", "html");
        await _stores.Database.ExecuteAsync("UPDATE export_jobs SET created_at = now() - CASE format WHEN 'md' THEN interval '3 s' WHEN 'txt' THEN interval '2 s' ELSE interval '1 s' END");
        (await ClaimAsync("dies", 2)).ShouldBe(["md 0", "txt 0"]);
        await _stores.Database.ExecuteAsync("UPDATE export_jobs SET lease_until = now() - interval '1 second' WHERE status = 'running'");

        (await ClaimAsync("a", 2)).ShouldBe(["md 1"], "nobody knows which of the two it was");
        (await ClaimAsync("a", 2)).ShouldBeEmpty("who has one of them has nothing else");
        (await ClaimAsync("b", 2)).ShouldBe(["txt 1"]);
        (await ClaimAsync("c", 2)).ShouldBe(["html 0"]);

        await _stores.Database.ExecuteAsync("UPDATE export_jobs SET status = 'queued', lease_owner = NULL, lease_until = NULL WHERE format = 'md'");
        (await ClaimAsync("c", 2)).ShouldBeEmpty("who has anything is not given one of them");
        (await ClaimAsync("a", 2)).ShouldBe(["md 1"]);
    }

    [Fact]
    public async Task What_is_due_behind_a_job_that_is_to_be_made_alone_does_not_put_it_off()
    {
        await _stores.ExportingAsync("md", "txt", "html");
        await _stores.Database.ExecuteAsync("UPDATE export_jobs SET created_at = now() - CASE format WHEN 'md' THEN interval '3 s' WHEN 'txt' THEN interval '2 s' ELSE interval '1 s' END");
        await _stores.Database.ExecuteAsync("UPDATE export_jobs SET crashes = 1 WHERE format = 'txt'");

        (await ClaimAsync("a", 3)).ShouldBe(["md 0"]);
        (await ClaimAsync("a", 2)).ShouldBeEmpty();
        (await ClaimAsync("b", 3)).ShouldBe(["txt 1"]);
        (await ClaimAsync("a", 2)).ShouldBe(["html 0"]);
    }

    [Fact]
    public async Task A_claim_reads_no_more_jobs_however_many_there_have_been()
    {
        var run = await _stores.ExportingAsync("txt");
        await _stores.Database.ExecuteAsync("""
            INSERT INTO export_jobs (id, execution_id, user_id, order_no, format, uses_pages, settings, status, finished_at)
            SELECT gen_random_uuid(), $1, $2, n, 'md', false, '{}', 'failed', now() FROM generate_series(2, 3000) n
            """, run.Id, run.UserId);
        await _stores.Database.ExecuteAsync("VACUUM ANALYZE export_jobs");
        await using var source = Stores.Source(_stores.Database.Exporter);
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();

        await using var claim = new Npgsql.NpgsqlCommand("SELECT count(*) FROM claim_exports('e', 8, '1 minute')", connection, transaction);
        (await claim.ExecuteScalarAsync()).ShouldBe(1L);

        await using var read = new Npgsql.NpgsqlCommand("SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'export_jobs'", connection, transaction);
        (await read.ExecuteScalarAsync()).ShouldBeOfType<long>().ShouldBeInRange(1, 50);
    }

    [Fact]
    public async Task Two_last_formats_that_end_at_once_end_the_run_once()
    {
        for (var round = 0; round < 25; round++)
        {
            var run = await _stores.ExportingAsync("md", "txt");
            var claimed = await ClaimAsync();

            var ends = await Task.WhenAll(
                Task.Run(() => _stores.SucceedAsync(claimed["md"])),
                Task.Run(() => round % 2 == 0 ? _stores.SucceedAsync(claimed["txt"]) : _stores.FailAsync(claimed["txt"], "x")));

            ends.ShouldBe([true, true]);
            (await StatusAsync(run)).ShouldBe("completed 100");
            (await run.JournalAsync()).Count(type => type == "run.completed").ShouldBe(1);
        }
    }

    [Fact]
    public async Task A_loaded_job_has_its_chapters_and_the_pages_of_its_orders_PDF()
    {
        await _stores.ExportingAsync("pdf", "epub");
        var pdf = (await ClaimAsync())["pdf"];
        (await _stores.Results.SucceedAsync(pdf, Core.Exports.ExportFormat.Pdf, Stores.File([1]) with { Pages = """{"chapters": [5]}""" }, TimeSpan.Zero, CancellationToken.None)).ShouldBeTrue();
        var epub = (await ClaimAsync())["epub"];
        await using var source = Stores.Source(_stores.Database.Exporter);
        var loader = new ExportLoader(new TenantDatabase(source));

        var job = (await loader.LoadAsync(epub, CancellationToken.None)).ShouldNotBeNull();

        job.Pages.ShouldBe("""{"chapters": [5]}""");
        job.Manuscript.Chapters.ShouldHaveSingleItem().Words.ShouldBe(3);
        job.Manuscript.Colophon.ShouldBe(["By a script."]);
        (await loader.LoadAsync(pdf, CancellationToken.None)).ShouldBeNull("it has ended");
        (await loader.LoadAsync(epub with { UserId = Guid.NewGuid() }, CancellationToken.None)).ShouldBeNull("it is another tenant's");
    }

    private async Task<Dictionary<string, ExportLease>> ClaimAsync()
    {
        var claimed = new Dictionary<string, ExportLease>();
        foreach (var lease in await _stores.ClaimExportsAsync(10))
        {
            claimed.Add((await _stores.FormatAsync(lease)).Key, lease);
        }

        return claimed;
    }

    private static async Task<string?> StatusAsync(QueuedRun run) => await run.AskAsync<string>("SELECT status || ' ' || round(progress) FROM engine_executions WHERE id = $1");

    /// <summary>Formats with their crashes.</summary>
    private async Task<IReadOnlyList<string>> ClaimAsync(string exporter, int most)
    {
        var claimed = new List<string>();
        foreach (var lease in await _stores.Exports.ClaimAsync(exporter, most, Stores.Lease, CancellationToken.None))
        {
            claimed.Add($"{(await _stores.FormatAsync(lease)).Key} {lease.Crashes}");
        }

        return [.. claimed.Order(StringComparer.Ordinal)];
    }
}
