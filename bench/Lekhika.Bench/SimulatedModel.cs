using Lekhika.Testing.Models;
using Lekhika.Testing.Runs;

namespace Lekhika.Bench;

/// <summary>
/// A model with fixed latencies behind OpenAI's protocol on 127.0.0.1: requirements 50 ms, architect 80, outline 120, chapter i
/// (0 to 23) 200 + (i·37 mod 160); a chapter is 8 KB.
/// </summary>
internal static class SimulatedModel
{
    public const int Chapters = 24;

    /// <summary>Nodes of the whole graph: three planning steps, the chapters, compilation, handover.</summary>
    public const int Nodes = Chapters + 5;

    /// <summary>Chapters at the same time: the worker's default.</summary>
    private const int Slots = 8;

    private static readonly string Text = string.Join("\n\n", Enumerable.Repeat("She walked on until the lamps of the city were behind her, and did not look back.", 100))[..8_192];

    public static Task<ChatCompletionsServer> StartAsync() => ChatCompletionsServer.StartAsync(request => request.Chapter is { } number
        ? new CompletionAnswer(Text, Delay: TimeSpan.FromMilliseconds(Latency(number - 1)))
        : new CompletionAnswer(ScriptedBook.Plan(request.SchemaName!, Chapters), Delay: TimeSpan.FromMilliseconds(Planning(request.SchemaName!))));

    /// <summary>The shortest time in which the model's latencies allow the book, in list order: 1,136 ms, as the compiler asks no model.</summary>
    public static double IdealMilliseconds()
    {
        var slots = new double[Slots];
        for (var chapter = 0; chapter < Chapters; chapter++)
        {
            slots[Array.IndexOf(slots, slots.Min())] += Latency(chapter);
        }

        return Planning("requirements") + Planning("bible") + Planning("outline") + slots.Max();
    }

    private static double Latency(int chapter) => 200 + (chapter * 37 % 160);

    private static double Planning(string task) => task switch
    {
        "requirements" => 50,
        "bible" => 80,
        _ => 120,
    };
}
