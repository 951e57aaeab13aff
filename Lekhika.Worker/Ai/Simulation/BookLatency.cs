namespace Lekhika.Worker.Ai.Simulation;

/// <summary>
/// The fixed latencies of a rehearsed book: requirements 50 ms, bible 80, outline 120, chapter i (from 0) 200 + (i·37 mod 160);
/// everything else comes at once. Chapters differ, so that they do not all end at the same time.
/// </summary>
internal static class BookLatency
{
    /// <param name="schema">The name of the answer's schema; null for prose.</param>
    /// <param name="chapter">The number, from 1, of the chapter asked for; null when none is.</param>
    public static TimeSpan Of(string? schema, int? chapter) => TimeSpan.FromMilliseconds((schema, chapter) switch
    {
        ("requirements", _) => 50,
        ("bible", _) => 80,
        ("outline", _) => 120,
        (null, { } number) => 200 + ((number - 1) * 37 % 160),
        _ => 0,
    });
}
