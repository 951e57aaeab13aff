using System.Collections.Concurrent;
using System.Diagnostics;
using Lekhika.Testing.Simulated;

namespace Lekhika.Chaos.Tests;

/// <summary>What was done to whom and when, as it happened.</summary>
internal sealed class Chronicle
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentQueue<WakeUp> _wakeUps = new();
    private readonly ConcurrentQueue<string> _stuck = new();
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public TimeSpan Elapsed => _clock.Elapsed;

    public IReadOnlyList<string> Lines => [.. _lines];

    public IReadOnlyList<WakeUp> WakeUps => [.. _wakeUps];

    /// <summary>What should have come to an end and did not.</summary>
    public IReadOnlyList<string> Unfinished => [.. _stuck];

    /// <summary>How often each kind of thing was done.</summary>
    public IReadOnlyDictionary<string, int> Counts => _counts;

    public void Note(string line) => _lines.Enqueue($"{_clock.Elapsed.TotalSeconds,7:F3} s  {ModelLog.Now()}  {line}");

    public void Count(string kind) => _counts.AddOrUpdate(kind, 1, (_, count) => count + 1);

    public void Stuck(string what)
    {
        Note(what);
        _stuck.Enqueue(what);
    }

    /// <summary>A worker goes on after it was frozen.</summary>
    public void Woken(string worker)
    {
        _wakeUps.Enqueue(new WakeUp(worker, ModelLog.Now()));
        Note($"{worker} thawed");
    }
}

/// <summary>A frozen worker was let go on.</summary>
/// <param name="Worker">Its name.</param>
/// <param name="At">Microseconds since 1970.</param>
internal sealed record WakeUp(string Worker, long At);
