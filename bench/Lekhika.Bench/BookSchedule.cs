namespace Lekhika.Bench;

/// <summary>
/// The measured book and how fast it could be: requirements, bible and outline one after the other, 24 chapters, compilation, handover,
/// with the latencies of the simulated models. Stated here apart from the models, so that a fault of theirs shows in the figures.
/// </summary>
internal static class BookSchedule
{
    public const int Chapters = 24;

    /// <summary>Three planning steps, the chapters, compilation, handover.</summary>
    public const int Nodes = Chapters + 5;

    /// <summary>Bytes of a chapter's text.</summary>
    public const int ChapterBytes = 8_192;

    /// <summary>Chapters at the same time: the worker's default.</summary>
    private const int Slots = 8;

    /// <summary>The compiler asks no model: what it takes of this is the engine's own time.</summary>
    private const double Compilation = 5;

    /// <summary>1,141 ms: every step starts the moment it may, chapters in list order.</summary>
    public static TimeSpan Ideal { get; } = TimeSpan.FromMilliseconds(Planning("requirements") + Planning("bible") + Planning("outline") + LastChapter() + Compilation);

    /// <summary>Milliseconds of the chapter of this index, from 0.</summary>
    public static double Chapter(int index) => 200 + (index * 37 % 160);

    /// <summary>Milliseconds of a planning step, by the name of its answer's schema.</summary>
    public static double Planning(string task) => task switch
    {
        "requirements" => 50,
        "bible" => 80,
        "outline" => 120,
        _ => throw new ArgumentException($"Nobody asks for '{task}'.", nameof(task)),
    };

    private static double LastChapter()
    {
        var slots = new double[Slots];
        for (var index = 0; index < Chapters; index++)
        {
            slots[Array.IndexOf(slots, slots.Min())] += Chapter(index);
        }

        return slots.Max();
    }
}
