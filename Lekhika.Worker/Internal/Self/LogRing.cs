using System.Text;

namespace Lekhika.Worker.Internal.Self;

/// <summary>
/// Keeps the last lines of this process's log: at most 1,000 of at most 2,000 characters, one a message. Scopes stay out of it, and
/// so do stack traces; line breaks and other control characters become blanks, so that no message can look like another line.
/// </summary>
internal sealed class LogRing(TimeProvider time) : ILoggerProvider
{
    public const int MostLines = 1_000;
    public const int MostCharacters = 2_000;

    private readonly Lock _gate = new();
    private readonly Queue<string> _lines = new(MostLines);

    /// <summary>The last lines, the newest last.</summary>
    public IReadOnlyList<string> Last(int count)
    {
        lock (_gate)
        {
            return [.. _lines.Skip(Math.Max(0, _lines.Count - count))];
        }
    }

    public ILogger CreateLogger(string categoryName) => new RingLogger(this, categoryName);

    public void Dispose()
    {
    }

    private void Add(string category, LogLevel level, string message, Exception? exception)
    {
        var line = new StringBuilder($"{time.GetUtcNow().UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} {level} {category}: {message}");
        if (exception is not null)
        {
            line.Append($" | {exception.GetType().FullName}: {exception.Message}");
        }

        line.Length = Math.Min(line.Length, MostCharacters);
        for (var at = 0; at < line.Length; at++)
        {
            // Separators of lines and paragraphs break lines too, though they are no control characters.
            line[at] = char.IsControl(line[at]) || line[at] is '\u2028' or '\u2029' ? ' ' : line[at];
        }

        lock (_gate)
        {
            if (_lines.Count == MostLines)
            {
                _lines.Dequeue();
            }

            _lines.Enqueue(line.ToString());
        }
    }

    private sealed class RingLogger(LogRing ring, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                ring.Add(category, logLevel, formatter(state, exception), exception);
            }
        }
    }
}
