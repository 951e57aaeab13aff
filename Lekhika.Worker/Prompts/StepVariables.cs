using System.Text.Json;
using Lekhika.Core.Planning;
using Lekhika.Core.Workflows;
using Lekhika.Worker.Nodes;

namespace Lekhika.Worker.Prompts;

/// <summary>
/// The values of variables (<c>{genre}</c>, <c>{researcher-1.summary}</c>) in a step's prompts. What a client sent must not become
/// an instruction: in the system message a variable turns into a reference to the material that holds it; in the task a short value of
/// one line is quoted, a longer one referred to.
/// </summary>
internal static class StepVariables
{
    private const int MostQuoted = 300;

    public static string Fill(string prompt, StepContext context, bool isInstruction) => Fill(prompt, context, (name, text) =>
        isInstruction || text.Length > MostQuoted || text.Any(char.IsControl)
            ? $"(the value \"{name}\" of the materials)"
            : Core.Json.Write(text));

    /// <summary>With the values as <paramref name="said"/> says them: for prompts that have no materials.</summary>
    public static string Fill(string prompt, StepContext context, Func<string, string> said) => Fill(prompt, context, (_, text) => said(text));

    private static string Fill(string prompt, StepContext context, Func<string, string, string> said) =>
        prompt.Contains('{', StringComparison.Ordinal) ? PromptVariables.Fill(prompt, name => Value(name, context, said)) : prompt;

    private static string? Value(string name, StepContext context, Func<string, string, string> said)
    {
        if (OfChapter(FieldReference.Normal(name), context) is { } own)
        {
            return own;
        }

        if (context.State.Value(name) is not { } value)
        {
            return null;
        }

        return said(name, value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText());
    }

    private static string? OfChapter(string name, StepContext context)
    {
        if (context.Step.Item == 0 || !PromptVariables.OfChapters.Contains(name))
        {
            return null;
        }

        var chapter = context.State.Find<Outline>(OutputKinds.Outline, context.Node)?.Chapters.ElementAtOrDefault(context.Step.Item - 1);
        return name switch
        {
            "chapter_number" => chapter?.Number.ToString(),
            "chapter_title" => chapter is null ? null : Core.Json.Write(chapter.Title),
            _ => chapter?.TargetWords.ToString(),
        };
    }
}
