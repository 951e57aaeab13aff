using System.Diagnostics;
using Lekhika.Core.Exports;
using Lekhika.Exporter.Rendering;

namespace Lekhika.Exporter.Tests.Renderers;

public sealed class TypesetterFaultTests
{
    private static readonly RenderOrder Short = Books.Order(Books.Of(("One", "Text.")));

    [Fact]
    public async Task Missing_node_is_named_with_what_to_do()
    {
        await using var workshop = new Workshop([("NodePath", "node-that-is-not-there")]);

        (await Fails(workshop)).ShouldEndWith("Node.js was not found as 'node-that-is-not-there'. Install Node 20 or later, or set Exporter:NodePath.");
    }

    [Fact]
    public async Task Missing_packages_are_named_with_what_to_do()
    {
        using var typesetter = new FakeTypesetter("");
        Directory.Delete(Path.Combine(typesetter.Directory, "node_modules"), recursive: true);
        await using var workshop = new Workshop([("TypesetterDirectory", typesetter.Directory)]);

        (await Fails(workshop)).ShouldBe($"No PDF: this server's typesetter is not installed. Its operator finds what is missing in the exporter's log. | The typesetter's packages are not installed. Run npm ci in {typesetter.Directory}.");
    }

    [Fact]
    public async Task Missing_folder_is_named_with_what_to_do()
    {
        await using var workshop = new Workshop([("TypesetterDirectory", "nowhere")]);

        (await Fails(workshop)).ShouldContain("Set Exporter:TypesetterDirectory");
    }

    [Fact]
    public async Task Child_killed_in_the_middle_of_a_book_is_replaced_and_the_book_is_set()
    {
        await using var workshop = new Workshop();
        await workshop.Render(ExportFormat.Pdf, Short);
        var victim = workshop.Typesetter.ChildId!.Value;

        var book = workshop.Render(ExportFormat.Pdf, Books.Order(Novel.Of(12, 60_000)));
        using (var child = Process.GetProcessById(victim))
        {
            child.Kill();
        }

        (await book).Pages!.ChapterFolios.Count.ShouldBe(12);
        workshop.Typesetter.ChildId.ShouldNotBe(victim);
    }

    [Fact]
    public async Task Child_that_always_crashes_fails_the_book_with_its_last_words()
    {
        using var typesetter = new FakeTypesetter("process.stdin.once('data', () => { console.error('out of ink'); process.exit(3); });");
        await using var workshop = new Workshop([("TypesetterDirectory", typesetter.Directory)]);

        var sentence = await Fails(workshop);

        sentence.ShouldContain("stopped twice");
        sentence.ShouldContain("exit code 3. out of ink");
    }

    [Fact]
    public async Task Child_that_hangs_is_killed_at_the_timeout()
    {
        using var typesetter = new FakeTypesetter("process.stdin.once('data', () => { for (;;) {} });");
        await using var workshop = new Workshop([("TypesetterDirectory", typesetter.Directory), ("TypesetterTimeoutSeconds", "1")]);

        (await Fails(workshop)).ShouldContain("did not finish within 1 seconds");

        workshop.Typesetter.ChildId.ShouldBeNull();
    }

    [Fact]
    public async Task Child_that_wants_too_much_memory_dies_alone()
    {
        using var typesetter = new FakeTypesetter("process.stdin.once('data', () => { const all = []; for (;;) all.push(new Float64Array(2 ** 24)); });");
        await using var workshop = new Workshop([("TypesetterDirectory", typesetter.Directory), ("TypesetterAddressSpaceMiB", "1536")]);

        (await Fails(workshop)).ShouldContain("stopped twice");
    }

    [Fact]
    public async Task Cancelled_order_ends_the_child_and_the_next_order_works()
    {
        await using var workshop = new Workshop();
        await workshop.Render(ExportFormat.Pdf, Short);
        using var cancellation = new CancellationTokenSource();
        var renderer = workshop.Renderers.Single(renderer => renderer.Format == ExportFormat.Pdf);

        var book = renderer.RenderAsync(Books.Order(Novel.Of(12, 60_000)), cancellation.Token);
        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => book);
        (await workshop.Render(ExportFormat.Pdf, Short)).Pages!.ChapterFolios.ShouldBe([1]);
    }

    [Fact]
    public async Task Child_that_grew_past_its_limit_is_replaced_after_the_book()
    {
        await using var workshop = new Workshop([("TypesetterRecycleMiB", "1")]);

        await workshop.Render(ExportFormat.Pdf, Short);

        workshop.Typesetter.ChildId.ShouldBeNull();
        (await workshop.Render(ExportFormat.Pdf, Short)).Content.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Child_ends_with_its_exporter()
    {
        var workshop = new Workshop();
        await workshop.Render(ExportFormat.Pdf, Short);
        using var child = Process.GetProcessById(workshop.Typesetter.ChildId!.Value);

        await workshop.DisposeAsync();

        child.HasExited.ShouldBeTrue();
    }

    [Fact]
    public async Task Child_whose_stdin_closes_ends_by_itself()
    {
        var root = Directory.CreateTempSubdirectory();
        using var child = Process.Start(new ProcessStartInfo("node", [Path.Combine(Workshop.ExporterFolder, "Pdf", "typesetter", "index.mjs"), root.FullName]) { RedirectStandardInput = true, UseShellExecute = false })!;

        child.StandardInput.Close();

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await child.WaitForExitAsync(patience.Token);
        child.ExitCode.ShouldBe(0);
        root.Delete();
    }

    private static async Task<string> Fails(Workshop workshop)
    {
        var error = await Should.ThrowAsync<RenderException>(() => workshop.Render(ExportFormat.Pdf, Short));
        error.Message.ShouldNotContain("/", Case.Sensitive, "users are shown no paths");
        return $"{error.Message} | {error.ForOperator}";
    }

    /// <summary>A typesetter's folder with a script of the test's own, and packages that look installed.</summary>
    private sealed class FakeTypesetter : IDisposable
    {
        private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("fake-typesetter-");

        public FakeTypesetter(string script)
        {
            var package = _folder.CreateSubdirectory("node_modules/@myriaddreamin/typst-ts-node-compiler");
            File.WriteAllText(Path.Combine(package.FullName, "package.json"), "{}");
            File.WriteAllText(Path.Combine(_folder.FullName, "index.mjs"), script);
        }

        public string Directory => _folder.FullName;

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
