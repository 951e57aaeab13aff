using System.Text;
using Lekhika.Testing.Models;

namespace Lekhika.Testing.Simulated;

/// <summary>
/// What the simulated model writes: chapters of three scenes and about 300 words that depend on nothing but their number, streamed
/// in small pieces over 150 to 500 ms.
/// </summary>
public static class SimulatedChapter
{
    /// <summary>The line between two scenes.</summary>
    public const string SceneBreak = "***";

    private const int Scenes = 3;

    private static readonly string[] Sentences =
    [
        "Mira counted the lamps again and came to another number.",
        "“Is it *far*?” asked the ferryman’s daughter, who had never been asked anything.",
        "The map said nothing of a café, a bridge, or the señora who kept both.",
        "Below the wall the river went on with its one long word.",
        "Nobody in the Lantern City could remember who had lit the first of them.",
        "She wrote it down, crossed it out, and wrote it down once more.",
        "Naïve, said the old man – and smiled as if he had been praised.",
        "Rain came, stayed for an hour, and took the smell of the street along.",
    ];

    /// <summary>The whole text of a chapter.</summary>
    public static string Text(int number)
    {
        var random = new Random(number);
        return string.Join($"\n\n{SceneBreak}\n\n", Enumerable.Range(1, Scenes).Select(scene => Scene(number, scene, random)));
    }

    /// <summary>What follows after a beginning of the chapter; null when the chapter does not begin so.</summary>
    public static string? Rest(int number, string written) =>
        Text(number) is var text && text.StartsWith(written, StringComparison.Ordinal) ? text[written.Length..] : null;

    /// <summary>The pieces of a chapter or of its rest; the pauses of the whole sum up to 150 to 500 ms, those of a rest to its part of it.</summary>
    public static IReadOnlyList<AnswerPiece> Stream(int number, string text)
    {
        var random = new Random(number + text.Length);
        var millisecondsPerCharacter = (150.0 + (number * 131 % 351)) / Text(number).Length;
        var pieces = new List<AnswerPiece>();
        for (var at = 0; at < text.Length;)
        {
            var length = Math.Min(random.Next(20, 160), text.Length - at);
            pieces.Add(new AnswerPiece(text.Substring(at, length), TimeSpan.FromMilliseconds(length * millisecondsPerCharacter)));
            at += length;
        }

        return pieces;
    }

    private static string Scene(int number, int scene, Random random)
    {
        var text = new StringBuilder($"On day {number}, at the {scene}. bell, she set out.");
        for (var sentence = 0; sentence < 9; sentence++)
        {
            text.Append(sentence % 3 == 2 ? "\n\n" : " ").Append(Sentences[random.Next(Sentences.Length)]);
        }

        return text.ToString();
    }
}
