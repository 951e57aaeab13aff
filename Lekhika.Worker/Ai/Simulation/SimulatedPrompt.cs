using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Ai.Simulation;

/// <summary>
/// Reads single figures of a prompt's materials (<see cref="Prompts.Materials"/>). Only the material that is asked for is parsed: in a
/// rehearsal the model's own time must not count.
/// </summary>
internal static class SimulatedPrompt
{
    /// <summary>A whole number of the newest material of that name; null when there is no such material or number.</summary>
    public static int? Number(IReadOnlyList<ChatMessage> messages, string material, string property)
    {
        var fence = $"<material name=\"{material}\">\n";
        // A message's own Text would put its parts together, which costs more than all the rest here.
        foreach (var text in messages.SelectMany(message => message.Contents).OfType<TextContent>().Select(part => part.Text).Reverse())
        {
            var at = text.LastIndexOf(fence, StringComparison.Ordinal);
            if (at >= 0)
            {
                var rest = text.AsMemory(at + fence.Length);
                var end = rest.Span.IndexOf('\n');
                using var json = JsonDocument.Parse(end < 0 ? rest : rest[..end]);
                return json.RootElement.TryGetProperty(property, out var value) && value.TryGetInt32(out var number) ? number : null;
            }
        }

        return null;
    }
}
