using System.Text.Json;
using Lekhika.Core;
using Lekhika.Core.Planning;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Ai.Simulation;

/// <summary>What the simulated model says: filler of the asked shape, in the pieces in which it is streamed.</summary>
internal static class SimulatedAnswer
{
    /// <summary>Bytes of a prose answer, all of them ASCII.</summary>
    public const int ProseBytes = 8_192;

    private const int PieceBytes = 1_024;

    private static readonly IReadOnlyList<string> Prose = [.. FillerProse.Of(ProseBytes).Chunk(PieceBytes).Select(piece => new string(piece))];
    private static readonly IReadOnlyList<string> Requirements =
        [Json.Write(new StoryRequirements("Filler about a walk.", "Readers of a rehearsal hope for nothing.", ["home", "light"], "Nowhere, at no time.", [], []))];

    private static readonly IReadOnlyList<string> Bible =
        [Json.Write(new StoryBible("A walk, and its end.", [new("Mira", "protagonist", "She walks.", "Short words.")], [new("The city", "It has lamps.")], [new("At dusk", "She leaves.")], []))];

    /// <param name="messages">The prompt; the outline follows its brief.</param>
    /// <param name="format">The asked format; prose when it names no schema.</param>
    public static IReadOnlyList<string> To(IReadOnlyList<ChatMessage> messages, ChatResponseFormatJson? format) => format switch
    {
        null => Prose,
        { SchemaName: "requirements" } => Requirements,
        { SchemaName: "bible" } => Bible,
        { SchemaName: "outline" } => [Json.Write(Outline(Of(messages, "chapterCount"), Of(messages, "wordCount")))],
        { Schema: { } schema } => [SchemaExample.Of(schema)?.ToJsonString() ?? "null"],
        _ => ["{}"],
    };

    private static Outline Outline(int chapters, int words) => new([.. Enumerable.Range(1, chapters).Select(number => new OutlineChapter(
        number, $"Part {number} of the Walk", "Goes on.", "Mira", ["The city"], ["Mira"], ["She walks.", "She listens.", "She goes on."], "On the road.", "Further on.", words / chapters))]);

    private static int Of(IReadOnlyList<ChatMessage> messages, string property) =>
        SimulatedPrompt.Number(messages, "brief", property) ?? throw new InvalidOperationException($"The simulated model needs the brief's {property} in the prompt of an outline.");
}
