using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace Lekhika.Bench.Command;

/// <summary>
/// Books submitted through the API. With a model of fixed latencies behind HTTP: wall time from the submission until a client sees the
/// manuscript handed over, over the ideal schedule. By the offline author, who answers at once (12 chapters, 20,000 words): from the
/// moment the run is in the database until its files are, by the database's clock; the engine's and the renderers' own time.
/// </summary>
internal static class BookBench
{
    private const int Runs = 7;
    private const int Chapters = 12;

    /// <summary>What the API grants one key in the long run is 50 requests a second; polls that nothing depends on stay far below it.</summary>
    private static readonly TimeSpan Relaxed = TimeSpan.FromMilliseconds(250);

    private static readonly string[] AllFormats = ["pdf", "docx", "epub", "html", "md", "txt"];
    private static readonly string[] TextOnly = ["txt"];

    public static Bench Bench { get; } = new("book", "through ./run: a book by a model behind HTTP over its ideal schedule; the offline author's book, with one and with six formats", RunAsync);

    private static async Task RunAsync(CancellationToken cancellationToken)
    {
        await HttpAsync(cancellationToken);
        await OfflineAsync(cancellationToken);
    }

    private static async Task HttpAsync(CancellationToken cancellationToken)
    {
        await using var model = await HttpModel.StartAsync();
        using var data = new DataFolder();
        await using var system = await RunningSystem.StartAsync(data, cancellationToken, new Dictionary<string, string?>(StringComparer.Ordinal) { ["LEKHIKA_OPENAI_BASE_URL"] = model.BaseUrl });
        var ratios = new List<double>();
        for (var run = 0; run <= Runs; run++)
        {
            var (wall, _) = await WriteAsync(system, TextOnly, BookSchedule.Chapters, HandedOver, BookSchedule.Ideal, cancellationToken);
            // The first book compiles the code.
            if (run > 0)
            {
                ratios.Add(wall / BookSchedule.Ideal);
            }
        }

        Figure.Print("book", "wall_over_ideal_http", "ratio", BookSchedule.Nodes, ratios);
    }

    private static async Task OfflineAsync(CancellationToken cancellationToken)
    {
        using var data = new DataFolder();
        await using var system = await RunningSystem.StartAsync(data, cancellationToken);
        // The first book compiles the code; the figures are those of a system that is up.
        await WriteAsync(system, AllFormats, Chapters, Completed, quiet: null, cancellationToken);
        foreach (var (metric, formats) in new[] { ("book_txt_wall_ms", TextOnly), ("book_wall_ms", AllFormats) })
        {
            var walls = new List<double>();
            for (var run = 0; run < Runs; run++)
            {
                var (_, book) = await WriteAsync(system, formats, Chapters, Completed, quiet: null, cancellationToken);
                walls.Add((book.GetProperty("completedAt").GetDateTime() - book.GetProperty("createdAt").GetDateTime()).TotalMilliseconds);
            }

            Figure.Print("book", metric, "ms", Chapters, walls);
        }
    }

    /// <summary>
    /// From the submission until a poll sees <paramref name="done"/>, and the run as it ended. No poll before <paramref name="quiet"/> has passed, since polls
    /// cost the system time, and a dense row of them after it; null: nobody needs the moment, so polls are rare.
    /// </summary>
    private static async Task<(TimeSpan Seen, JsonElement Run)> WriteAsync(
        RunningSystem system, string[] formats, int chapters, Func<JsonElement, bool> done, TimeSpan? quiet, CancellationToken cancellationToken)
    {
        var order = new
        {
            userInput = new { book_title = "The Measured Road", genre = "fantasy", chapter_count = chapters, word_count = 20_000, output_formats = formats },
        };
        var clock = Stopwatch.StartNew();
        using var answer = await system.Api.PostAsJsonAsync($"/engines-api/{system.UserEngineId}/execute", order, cancellationToken);
        var submitted = await DataAsync(answer, cancellationToken);
        var id = submitted.GetProperty("executionId").GetString();
        TimeSpan? wall = null;
        await Task.Delay(quiet ?? TimeSpan.Zero, cancellationToken);
        while (true)
        {
            using var poll = await system.Api.GetAsync(new Uri($"/engines-api/executions/{id}", UriKind.Relative), cancellationToken);
            var run = await DataAsync(poll, cancellationToken);
            if (run.GetProperty("status").GetString() is "failed" or "stopped")
            {
                throw new BenchFailedException($"The book was not finished: {run}");
            }

            wall ??= done(run) ? clock.Elapsed : null;
            if (wall is { } measured && Completed(run))
            {
                // The next book starts when nothing of this one is under way.
                return (measured, run);
            }

            await Task.Delay(quiet is null || wall is not null ? Relaxed : TimeSpan.FromMilliseconds(2), cancellationToken);
        }
    }

    private static bool Completed(JsonElement run) => run.GetProperty("status").GetString() == "completed";

    private static bool HandedOver(JsonElement run) => run.GetProperty("progress").GetDouble() >= 85.9;

    private static async Task<JsonElement> DataAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return answer.IsSuccessStatusCode ? body.GetProperty("data") : throw new BenchFailedException($"The API answered {(int)answer.StatusCode}: {body}");
    }
}
