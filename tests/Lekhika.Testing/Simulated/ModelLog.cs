using Lekhika.Core;

namespace Lekhika.Testing.Simulated;

/// <summary>
/// The log of the simulated model: one line of JSON a request, in the file before its answer begins, and another one when the
/// answer was sent to its end. It outlives whoever asked, and says what was asked and when.
/// </summary>
public sealed class ModelLog(string file) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly StreamWriter _lines = new(new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.Read)) { AutoFlush = true };
    private int _last;

    /// <summary>Every request in the file, in the order of arrival.</summary>
    public static IReadOnlyList<LoggedRequest> Read(string file)
    {
        // The model may be writing still: what is not a whole line yet is not there yet.
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var text = reader.ReadToEnd();
        var lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Json.Read<Line>).ToList();
        var finished = lines.Where(line => line.Finished == true).ToDictionary(line => line.Request, line => line.At);
        return [.. lines.Where(line => line.Finished is null).Select(line => new LoggedRequest(
            line.Request, line.At, line.Kind!, line.Chapter, line.Continues == true, line.Worker, finished.TryGetValue(line.Request, out var at) ? at : null))];
    }

    /// <summary>Notes a request that has arrived; what it returns notes that the answer was sent.</summary>
    public Action Arrived(string kind, int? chapter, bool continues, string? worker)
    {
        int number;
        lock (_gate)
        {
            number = ++_last;
            _lines.WriteLine(Json.Write(new Line(number, Now(), kind, chapter, continues, worker)));
        }

        return () =>
        {
            lock (_gate)
            {
                _lines.WriteLine(Json.Write(new Line(number, Now(), Finished: true)));
            }
        };
    }

    /// <inheritdoc />
    public void Dispose() => _lines.Dispose();

    /// <summary>Microseconds since 1970, by the machine's clock: the one that Postgres has as well.</summary>
    public static long Now() => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private sealed record Line(int Request, long At, string? Kind = null, int? Chapter = null, bool? Continues = null, string? Worker = null, bool? Finished = null);
}

/// <summary>A request as the simulated model saw it.</summary>
/// <param name="Number">From 1, in the order of arrival.</param>
/// <param name="At">When it arrived, in microseconds since 1970.</param>
/// <param name="Kind">The name of the answer's schema, or <c>chapter</c> for prose.</param>
/// <param name="Continues">Whether the rest of a chapter was asked for, after what was written already.</param>
/// <param name="Worker">Who asked: its key, without <c>sk-</c>.</param>
/// <param name="FinishedAt">When the last byte of the answer was sent; null when whoever asked had vanished.</param>
public sealed record LoggedRequest(int Number, long At, string Kind, int? Chapter, bool Continues, string? Worker, long? FinishedAt);
