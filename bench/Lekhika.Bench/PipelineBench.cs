using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace Lekhika.Bench;

/// <summary>
/// The default book (12 chapters, 20,000 words) by the offline author, submitted through the API: wall time from the submission until
/// its completion is durable and a client sees it. The author answers at once, so this is the engine's and the renderers' own time.
/// </summary>
internal static class PipelineBench
{
    private const int Runs = 7;
    private const int Chapters = 12;

    private static readonly string[] AllFormats = ["pdf", "docx", "epub", "html", "md", "txt"];
    private static readonly string[] TextOnly = ["txt"];

    public static Bench Bench { get; } = new("pipeline", "wall time of the offline author's book, with one and with six formats", RunAsync);

    private static async Task RunAsync(CancellationToken cancellationToken)
    {
        using var data = new DataFolder();
        await using var system = await RunningSystem.StartAsync(data, cancellationToken);
        // The first book compiles the code; the figures are those of a system that is up.
        await WriteAsync(system, AllFormats, cancellationToken);
        foreach (var (metric, formats) in new[] { ("book_txt_wall_ms", TextOnly), ("book_wall_ms", AllFormats) })
        {
            var walls = new List<double>();
            for (var run = 0; run < Runs; run++)
            {
                walls.Add((await WriteAsync(system, formats, cancellationToken)).TotalMilliseconds);
            }

            Figure.Print("pipeline", metric, "ms", Chapters, walls);
        }
    }

    private static async Task<TimeSpan> WriteAsync(RunningSystem system, string[] formats, CancellationToken cancellationToken)
    {
        var order = new
        {
            userInput = new { book_title = "The Measured Road", genre = "fantasy", chapter_count = Chapters, word_count = 20_000, output_formats = formats },
        };
        var clock = Stopwatch.StartNew();
        using var answer = await system.Api.PostAsJsonAsync($"/engines-api/{system.UserEngineId}/execute", order, cancellationToken);
        var submitted = await DataAsync(answer, cancellationToken);
        var id = submitted.GetProperty("executionId").GetString();
        while (true)
        {
            using var poll = await system.Api.GetAsync(new Uri($"/engines-api/executions/{id}", UriKind.Relative), cancellationToken);
            var run = await DataAsync(poll, cancellationToken);
            switch (run.GetProperty("status").GetString())
            {
                case "completed":
                    return clock.Elapsed;
                case "failed" or "stopped":
                    throw new BenchFailedException($"The book was not finished: {run}");
                default:
                    await Task.Delay(5, cancellationToken);
                    break;
            }
        }
    }

    private static async Task<JsonElement> DataAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return answer.IsSuccessStatusCode ? body.GetProperty("data") : throw new BenchFailedException($"The API answered {(int)answer.StatusCode}: {body}");
    }
}
