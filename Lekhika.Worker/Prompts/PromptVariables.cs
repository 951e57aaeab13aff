using System.Text.Json;
using System.Text.RegularExpressions;
using Lekhika.Core.Planning;
using Lekhika.Core.Workflows;
using Lekhika.Worker.Nodes;

namespace Lekhika.Worker.Prompts;

/// <summary>
/// Fills the variables (<c>{genre}</c>, <c>{researcher-1.summary}</c>) of a node's own prompts. What a client sent must not become
/// an instruction: in the system message a variable turns into a reference to the material that holds it; in the task a short value of
/// one line is quoted, a longer one referred to.
/// </summary>
internal static partial class PromptVariables
{
    private const int MostQuoted = 300;

    public static string Fill(string prompt, StepContext context, bool isInstruction) => !prompt.Contains('{', StringComparison.Ordinal)
        ? prompt
        : Variable().Replace(prompt, match => Value(match.Groups["name"].Value, context, isInstruction) ?? match.Value);

    private static string? Value(string name, StepContext context, bool isInstruction)
    {
        if (Own(FieldReference.Normal(name), context) is { } own)
        {
            return own;
        }

        if (context.State.Value(name) is not { } value)
        {
            return null;
        }

        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        return isInstruction || text.Length > MostQuoted || text.Any(char.IsControl)
            ? $"(the value \"{name}\" of the materials)"
            : Core.Json.Write(text);
    }

    /// <summary>What the engine itself knows of the step.</summary>
    private static string? Own(string name, StepContext context)
    {
        var outline = name.StartsWith("chapter_", StringComparison.Ordinal) ? context.State.Find<Outline>(OutputKinds.Outline, context.Node) : null;
        var chapter = context.Step.Item > 0 ? outline?.Chapters.ElementAtOrDefault(context.Step.Item - 1) : null;
        return name switch
        {
            "chapter_number" => chapter?.Number.ToString(),
            "chapter_title" => chapter is null ? null : Core.Json.Write(chapter.Title),
            "chapter_words" => chapter?.TargetWords.ToString(),
            _ => null,
        };
    }

    [GeneratedRegex(@"\{(?<name>[\p{L}\p{N}_ .-]{1,100})\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Variable();
}
