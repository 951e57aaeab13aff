using Lekhika.Core.Exports;
using Lekhika.Exporter.Jobs;
using Lekhika.Exporter.Rendering;
using Lekhika.Testing.Runs;
using Lekhika.Testing.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Lekhika.Exporter.Tests.Jobs;

/// <summary>What a job may use, whatever makes it.</summary>
public sealed class LimitJobSpecs : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task A_rendering_that_takes_too_long_is_tried_again_and_then_fails_with_the_reason_while_others_go_on()
    {
        var run = await (await QueuedRun.InsertAsync(_database, formats: ["md", "txt"])).CompileAsync();
        var begun = 0;
        await using var exporter = await ExporterHost.StartAsync(_database, [("JobTimeoutSeconds", "2"), ("TimeoutTries", "2")], checks: false, new ScriptedRenderer(ExportFormat.Markdown, async (_, token) =>
        {
            Interlocked.Increment(ref begun);
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            throw new InvalidOperationException();
        }));

        await run.UntilAsync("completed");

        begun.ShouldBe(2);
        (await StatesAsync(run)).ShouldBe(["md failed It was not made within 2 seconds, in 2 tries. A shorter book or fewer pictures may help.", "txt succeeded"]);
        exporter.Services.GetRequiredService<RenderingGuard>().IsStuck.ShouldBeFalse();
    }

    [Fact]
    public async Task A_book_that_is_not_read_in_time_fails_with_the_reason()
    {
        var run = await (await QueuedRun.InsertAsync(_database, formats: ["txt"])).CompileAsync();
        await using var holder = new NpgsqlConnection(_database.Admin);
        await holder.OpenAsync();
        await using var hold = await holder.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("LOCK TABLE chapter_versions IN ACCESS EXCLUSIVE MODE", holder))
        {
            await command.ExecuteNonQueryAsync();
        }

        await using var exporter = await ExporterHost.StartAsync(_database, [("JobTimeoutSeconds", "0.5"), ("TimeoutTries", "1")], checks: false);
        await run.UntilAsync("failed");

        (await StatesAsync(run)).ShouldBe(["txt failed It was not made within 0.5 seconds, in 1 try. A shorter book or fewer pictures may help."]);
        exporter.Services.GetRequiredService<RenderingGuard>().IsStuck.ShouldBeFalse();
    }

    [Fact]
    public async Task A_rendering_that_hangs_ends_its_exporter_and_a_fresh_one_makes_the_file()
    {
        var run = await (await QueuedRun.InsertAsync(_database, formats: ["md", "txt"])).CompileAsync();
        var never = new TaskCompletionSource<RenderedBook>();
        await using (var stuck = await ExporterHost.StartAsync(_database, [("JobTimeoutSeconds", "2"), ("StuckSeconds", "0.1")], checks: false, new ScriptedRenderer(ExportFormat.Markdown, (_, _) => never.Task)))
        {
            await stuck.WaitForShutdownAsync();
            stuck.Services.GetRequiredService<RenderingGuard>().IsStuck.ShouldBeTrue();
        }

        (await run.AskAsync<string>("SELECT status FROM export_jobs WHERE execution_id = $1 AND format = 'md'")).ShouldBe("queued");

        await using var fresh = await ExporterHost.StartAsync(_database, new ScriptedRenderer(ExportFormat.Markdown, _ => new RenderedBook("x"u8.ToArray())));
        await run.UntilAsync("completed");
        (await StatesAsync(run)).ShouldBe(["md succeeded", "txt succeeded"]);
        never.SetCanceled();
    }

    [Fact]
    public async Task A_file_or_a_book_beyond_its_limits_fails_its_format_with_the_figures()
    {
        var run = await (await QueuedRun.InsertAsync(_database, formats: ["pdf", "html", "txt"])).CompileAsync();
        await using var exporter = await ExporterHost.StartAsync(
            _database,
            [("MostPages", "100"), ("MostFileMiB", "1")],
            checks: false,
            new ScriptedRenderer(ExportFormat.Pdf, _ => new RenderedBook([1], new PageMap(10_000, [1]))),
            new ScriptedRenderer(ExportFormat.Html, _ => new RenderedBook(new byte[(1024 * 1024) + 1])));

        await run.UntilAsync("completed");

        (await StatesAsync(run)).ShouldBe(
        [
            "html failed The file has 2 MiB; files of at most 1 MiB are made. Fewer or smaller pictures make it smaller.",
            "pdf failed The book has 10000 pages; files of at most 100 are made. A larger page, smaller type or narrower margins make fewer.",
            "txt succeeded",
        ]);
    }

    [Fact]
    public async Task A_book_that_is_too_long_is_not_begun()
    {
        var run = await (await QueuedRun.InsertAsync(_database, formats: ["txt"])).CompileAsync();
        await using var exporter = await ExporterHost.StartAsync(_database, [("MostWords", "1")], checks: false, new ScriptedRenderer(ExportFormat.Txt, _ => throw new InvalidOperationException("It was begun.")));

        await run.UntilAsync("failed");

        (await StatesAsync(run)).ShouldHaveSingleItem().ShouldMatch("^txt failed The book has [0-9]+ words; files are made of books of at most 1\\.$");
    }

    [Fact]
    public async Task A_book_without_chapters_becomes_files_that_say_so()
    {
        var run = await (await QueuedRun.InsertAsync(_database, formats: ["pdf", "docx", "epub", "html", "md", "txt"])).CompileAsync();
        await _database.ExecuteAsync("UPDATE books SET chapters = '[]' WHERE execution_id = $1", run.Id);
        await using var exporter = await ExporterHost.StartAsync(_database, [("Preflight", "Full")], checks: true);

        await run.UntilAsync("completed", TimeSpan.FromSeconds(90));

        (await StatesAsync(run)).ShouldAllBe(state => state.EndsWith(" succeeded", StringComparison.Ordinal));
        (await run.AskAsync<long>("SELECT count(*) FROM preflight_reports WHERE execution_id = $1 AND findings @> '[{\"code\": \"no_chapters\"}]'")).ShouldBe(6);
    }

    private static async Task<string[]> StatesAsync(QueuedRun run) =>
        await run.AskAsync<string[]>("SELECT array_agg(format || ' ' || status || coalesce(' ' || error, '') ORDER BY format) FROM export_jobs WHERE execution_id = $1") ?? [];
}
