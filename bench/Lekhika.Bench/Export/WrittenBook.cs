using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Lekhika.Bench.Command;

namespace Lekhika.Bench.Export;

/// <summary>What came of an order of files.</summary>
/// <param name="Wall">From the order until a client sees that all of it is made.</param>
internal sealed record MadeFiles(TimeSpan Wall, IReadOnlyDictionary<string, MadeFile> Files);

/// <param name="Seconds">The exporter's, from the manuscript to the file.</param>
internal sealed record MadeFile(Guid Id, double Seconds, long Bytes);

/// <summary>A book that is written, of which files can be ordered.</summary>
internal sealed class WrittenBook
{
    private const int Chapters = 30;
    private const int Words = 90_000;

    private readonly RunningSystem _system;
    private readonly string _id;

    private WrittenBook(RunningSystem system, string id) => (_system, _id) = (system, id);

    public static async Task<WrittenBook> WriteAsync(RunningSystem system, string title, CancellationToken cancellationToken)
    {
        var order = new { userInput = new { book_title = title, genre = "fantasy", chapter_count = Chapters, word_count = Words, output_formats = new[] { "txt" } } };
        using var answer = await system.Api.PostAsJsonAsync($"/engines-api/{system.UserEngineId}/execute", order, cancellationToken);
        var book = new WrittenBook(system, (await ReadAsync(answer, cancellationToken)).GetProperty("data").GetProperty("executionId").GetString()!);
        await book.UntilCompletedAsync(TimeSpan.FromMilliseconds(100), cancellationToken);
        return book;
    }

    public async Task<MadeFiles> MakeAsync(string[] formats, CancellationToken cancellationToken)
    {
        var before = (await GetAsync($"/v1/executions/{_id}/events?after=0&limit=1", cancellationToken)).GetProperty("lastSeq").GetInt64();
        var clock = Stopwatch.StartNew();
        using (var answer = await _system.Api.PostAsJsonAsync($"/v1/executions/{_id}/files", new { formats }, cancellationToken))
        {
            await ReadAsync(answer, cancellationToken);
        }

        await UntilCompletedAsync(TimeSpan.FromMilliseconds(25), cancellationToken);
        var wall = clock.Elapsed;
        var events = await GetAsync($"/v1/executions/{_id}/events?after={before}&limit=200", cancellationToken);
        var files = events.GetProperty("events").EnumerateArray().Where(one => one.GetProperty("type").GetString() == "export.succeeded").Select(one => one.GetProperty("data")).ToDictionary(
            file => file.GetProperty("format").GetString()!,
            file => new MadeFile(file.GetProperty("fileId").GetGuid(), file.GetProperty("milliseconds").GetInt32() / 1000.0, file.GetProperty("bytes").GetInt64()));
        return files.Count == formats.Length ? new(wall, files) : throw new BenchFailedException($"Not every file was made: {events}");
    }

    /// <summary>The pages of a PDF, as poppler counts them.</summary>
    public async Task<int> PagesAsync(MadeFile pdf, string path, CancellationToken cancellationToken)
    {
        await File.WriteAllBytesAsync(path, await _system.Api.GetByteArrayAsync(new Uri($"/v1/files/{pdf.Id}/content", UriKind.Relative), cancellationToken), cancellationToken);
        using var info = Process.Start(new ProcessStartInfo("pdfinfo", [path]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var told = await info.StandardOutput.ReadToEndAsync(cancellationToken);
        await info.WaitForExitAsync(cancellationToken);
        return int.Parse(told.Split('\n').Single(line => line.StartsWith("Pages:", StringComparison.Ordinal))["Pages:".Length..], CultureInfo.InvariantCulture);
    }

    private async Task UntilCompletedAsync(TimeSpan between, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(between, cancellationToken);
            var run = (await GetAsync($"/engines-api/executions/{_id}", cancellationToken)).GetProperty("data");
            switch (run.GetProperty("status").GetString())
            {
                case "completed": return;
                case "failed" or "stopped": throw new BenchFailedException($"The book was not finished: {run}");
            }
        }
    }

    private async Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await _system.Api.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        return await ReadAsync(answer, cancellationToken);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return answer.IsSuccessStatusCode ? body : throw new BenchFailedException($"The API answered {(int)answer.StatusCode}: {body}");
    }
}
