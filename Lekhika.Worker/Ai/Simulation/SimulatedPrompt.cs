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
        for (var i = messages.Count - 1; i >= 0; i--)
        {
            var text = messages[i].Text;
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
