using Lekhika.Bench.Command;

namespace Lekhika.Bench.Export;

/// <summary>
/// Books of 90,000 words in 30 chapters by the offline author, made into files one after another, another book each time. Seconds are the exporter's own, from
/// the manuscript to the file, as the journal tells them; what waits and is stored around it is in <c>all_over_slowest</c>: from the order of all six formats
/// until a client sees the last, over the same for the PDF alone.
/// </summary>
internal static class ExportBench
{
    private const int Books = 20;

    /// <summary>Books of which the other formats and all six together are made.</summary>
    private const int Thorough = 7;

    private static readonly string[] Others = ["docx", "epub", "html", "md", "txt"];
    private static readonly string[] All = ["pdf", .. Others];

    public static Bench Bench { get; } = new("export", "books of 90,000 words into each of the six formats, and into all of them at once; memory over 20 books", RunAsync);

    private static async Task RunAsync(CancellationToken cancellationToken)
    {
        using var data = new DataFolder();
        await using var system = await RunningSystem.StartAsync(data, cancellationToken);
        var books = new List<WrittenBook>();
        for (var number = 1; number <= Books; number++)
        {
            books.Add(await WrittenBook.WriteAsync(system, $"The Measured Road {number}", cancellationToken));
        }

        var memory = new ExporterMemory(system.Processes("exporter").Single());
        var (first, warm, pages, walls) = (0.0, new List<double>(), new List<double>(), new List<double>());
        var resident = new List<double>();
        foreach (var book in books)
        {
            var made = await book.MakeAsync(["pdf"], cancellationToken);
            if (book == books[0])
            {
                first = made.Files["pdf"].Seconds;
            }
            else
            {
                warm.Add(made.Files["pdf"].Seconds);
                pages.Add(await book.PagesAsync(made.Files["pdf"], data["book.pdf"], cancellationToken) / made.Files["pdf"].Seconds);
            }

            walls.Add(made.Wall.TotalSeconds);
            resident.Add(memory.Resident);
            if (book == books[^1])
            {
                Figure.Print("export", "pdf_bytes", "B", 1, [made.Files["pdf"].Bytes]);
            }
        }

        Figure.Print("export", "pdf_first_s", "s", 1, [first]);
        Figure.Print("export", "pdf_warm_s", "s", 1, warm);
        Figure.Print("export", "pdf_pages_per_s", "1/s", 1, pages);
        foreach (var format in Others)
        {
            var files = new List<MadeFile>();
            // The first compiles the code.
            foreach (var book in books.Take(Thorough + 1))
            {
                files.Add((await book.MakeAsync([format], cancellationToken)).Files[format]);
            }

            Figure.Print("export", $"{format}_first_s", "s", 1, [files[0].Seconds]);
            Figure.Print("export", $"{format}_warm_s", "s", 1, [.. files.Skip(1).Select(file => file.Seconds)]);
            Figure.Print("export", $"{format}_bytes", "B", 1, [.. files.Select(file => (double)file.Bytes)]);
        }

        var ratios = new List<double>();
        foreach (var (book, at) in books.Select((book, at) => (book, at)).TakeLast(Thorough))
        {
            ratios.Add((await book.MakeAsync(All, cancellationToken)).Wall.TotalSeconds / walls[at]);
        }

        Figure.Print("export", "all_over_slowest", "ratio", All.Length, ratios);
        Figure.Print("export", "resident_mib", "MiB", Books, resident);
        Figure.Print("export", "resident_growth_mib", "MiB", Books, [resident[^1] - resident[Books / 4]]);
        Figure.Print("export", "peak_rss_mib", "MiB", Books, [memory.Peak]);
    }
}
