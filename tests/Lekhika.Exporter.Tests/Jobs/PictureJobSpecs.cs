using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;
using Lekhika.Exporter.Tests.Images;
using Lekhika.Testing.Runs;
using Lekhika.Testing.Servers;

namespace Lekhika.Exporter.Tests.Jobs;

/// <summary>Pictures of runs on their way into books, with the real decoder.</summary>
public sealed class PictureJobSpecs : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task A_books_pictures_stand_at_their_places_decoded_and_in_the_size_of_its_page()
    {
        var (run, other) = (await QueuedRun.InsertAsync(_database, formats: ["html"]), await QueuedRun.InsertAsync(_database, formats: ["txt"]));
        var cover = await run.PaintAsync("cover-1", 0, Png.Drawing(3_000, 3_000));
        await run.PaintAsync("image-1", 2, Png.Noise(300, 200));
        var newer = await run.PaintAsync("image-1", 2, Png.Drawing(300, 200), generation: 2);
        await other.PaintAsync("image-1", 1, Png.Drawing(64, 64));
        await run.CompileAsync();

        var order = await RenderedAsync(run);

        var figure = order.Manuscript.Chapters.SelectMany(chapter => chapter.Blocks).OfType<Figure>().ShouldHaveSingleItem();
        (figure.Image, figure.Alternative).ShouldBe(($"{newer}", "A lamp of image-1, 2"));
        order.Manuscript.Chapters[1].Blocks.ShouldContain(figure);
        order.Manuscript.Images.Keys.ShouldBe([$"{cover}", $"{newer}"], ignoreOrder: true);
        order.Manuscript.CoverImage.ShouldBe($"{cover}");
        var images = order.Manuscript.Images;
        // 5.5 by 8.5 inches at 300 dots: a square cover fills the height.
        (images[$"{cover}"].Width, images[$"{cover}"].MediaType).ShouldBe((2_550, "image/png"));
        (images[$"{newer}"].Width, images[$"{newer}"].Source).ShouldBe((300, "Made by the model easel:canvas-1."));
        (await FindingsAsync(run, "html")).ShouldBeNull();
    }

    [Fact]
    public async Task A_picture_that_cannot_be_decoded_is_left_out_and_told_and_the_book_is_made()
    {
        var run = await QueuedRun.InsertAsync(_database, formats: ["html"]);
        var whole = Png.Noise(64, 64);
        await run.PaintAsync("cover-1", 0, whole[..900]);
        await run.PaintAsync("image-1", 1, "<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray());
        var good = await run.PaintAsync("image-1", 3, whole);
        await run.CompileAsync();

        var order = await RenderedAsync(run);

        order.Manuscript.CoverImage.ShouldBeNull();
        order.Manuscript.Images.Keys.ShouldBe([$"{good}"]);
        order.Manuscript.Chapters[0].Blocks.OfType<Figure>().ShouldHaveSingleItem("its words stand for it");
        (await FindingsAsync(run, "html")).ShouldBe(
        [
            "The cover's picture is left out: its bytes are damaged. The cover is set in letters.",
            "The picture \"A lamp of image-1, 1\" is left out: it is no PNG, JPEG or WebP. Its description stands for it.",
        ], ignoreOrder: true);
    }

    [Fact]
    public async Task Plain_text_has_places_and_words_of_pictures_and_no_bytes()
    {
        var run = await QueuedRun.InsertAsync(_database, formats: ["md"]);
        await run.PaintAsync("image-1", 1, Png.Noise(64, 64));
        await run.CompileAsync();

        var order = await RenderedAsync(run, ExportFormat.Markdown);

        order.Manuscript.Images.ShouldBeEmpty();
        order.Manuscript.Chapters[0].Blocks.OfType<Figure>().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("{}", true)]
    [InlineData("{\"provenanceNote\": false}", false)]
    public async Task A_book_names_its_manifest_and_its_colophon_has_a_note_unless_the_design_has_none(string settings, bool hasNote)
    {
        var run = await (await QueuedRun.InsertAsync(_database, formats: ["html"])).CompileAsync();
        await _database.ExecuteAsync("UPDATE export_jobs SET settings = $2::jsonb WHERE execution_id = $1", run.Id, settings);

        var order = await RenderedAsync(run, publicAddress: "https://books.example.org/");

        var hash = Convert.ToHexStringLower((await run.AskAsync<byte[]>("SELECT sha256 FROM provenance_manifests WHERE execution_id = $1"))!);
        var address = $"https://books.example.org/v1/executions/{run.Id}/provenance?sha256={hash}";
        order.Manuscript.Metadata.Provenance.ShouldBe(address);
        order.Manuscript.Colophon[0].ShouldBe("Written by a script.");
        order.Manuscript.Colophon.Count(paragraph => paragraph.EndsWith(address, StringComparison.Ordinal)).ShouldBe(hasNote ? 1 : 0);
        order.Manuscript.Colophon.Count.ShouldBe(hasNote ? 4 : 1);
    }

    [Fact]
    public async Task Without_a_public_address_a_book_names_none_and_its_note_has_the_hash()
    {
        var run = await (await QueuedRun.InsertAsync(_database, formats: ["html"])).CompileAsync();

        var order = await RenderedAsync(run);

        var hash = Convert.ToHexStringLower((await run.AskAsync<byte[]>("SELECT sha256 FROM provenance_manifests WHERE execution_id = $1"))!);
        order.Manuscript.Metadata.Provenance.ShouldBeNull();
        order.Manuscript.Colophon[^1].ShouldContain(hash[..16]);
        order.Manuscript.Colophon.ShouldAllBe(paragraph => !paragraph.Contains("/v1/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_illustrated_book_is_made_in_every_format_and_passes_its_checks()
    {
        var run = await QueuedRun.InsertAsync(_database, formats: ["pdf", "docx", "epub", "html", "md", "txt"]);
        await run.PaintAsync("cover-1", 0, Png.Noise(1_000, 1_500));
        await run.PaintAsync("image-1", 1, Png.Noise(300, 200));
        await run.PaintAsync("image-1", 2, Png.Glass(900, 600));
        await run.CompileAsync();
        await using var exporter = await ExporterHost.StartAsync(_database, [("Preflight", "Full")], checks: true);

        await run.UntilAsync("completed", TimeSpan.FromSeconds(240));

        (await run.AskAsync<string[]>("SELECT array_agg(j.format || ' ' || j.status || coalesce(' ' || j.error, '') ORDER BY j.format) FROM export_jobs j WHERE j.execution_id = $1"))
            .ShouldBe(["docx succeeded", "epub succeeded", "html succeeded", "md succeeded", "pdf succeeded", "txt succeeded"]);
        var told = await run.AskAsync<string[]>("SELECT array_agg(DISTINCT (f ->> 'severity') || ' ' || (f ->> 'code')) FROM preflight_reports r, jsonb_array_elements(r.findings) f WHERE r.execution_id = $1");
        told.ShouldBe(["info cover_below_ideal", "info epubcheck", "warning picture_coarse", "warning print_page_count"], ignoreOrder: true);
    }

    private async Task<RenderOrder> RenderedAsync(QueuedRun run, ExportFormat? format = null, string publicAddress = "")
    {
        var seen = new TaskCompletionSource<RenderOrder>();
        await using var exporter = await ExporterHost.StartAsync(_database, [("Preflight", "Quick"), ("PublicAddress", publicAddress)], checks: false, new ScriptedRenderer(format ?? ExportFormat.Html, order =>
        {
            seen.SetResult(order);
            return new RenderedBook("x"u8.ToArray());
        }));
        await run.UntilAsync("completed", TimeSpan.FromSeconds(60));
        return await seen.Task;
    }

    private static async Task<string[]?> FindingsAsync(QueuedRun run, string format) => await run.AskAsync<string[]>($"""
        SELECT array_agg(f ->> 'message') FROM preflight_reports r JOIN export_jobs j ON j.id = r.export_job_id AND j.format = '{format}', jsonb_array_elements(r.findings) f
        WHERE r.execution_id = $1 AND f ->> 'severity' = 'warning'
        """);
}
