using Lekhika.Testing.Models;
using Lekhika.Testing.Runs;

namespace Lekhika.Worker.Tests.Batches;

/// <summary>A small book as Anthropic's server answers with it.</summary>
internal static class AnthropicBook
{
    /// <summary>Answers whatever the default engine asks for a book of three chapters.</summary>
    public static CompletionAnswer Answer(MessageRequest request)
    {
        var text = string.Concat(request.Body.GetProperty("messages")[0].GetProperty("content").EnumerateArray().Select(part => part.GetProperty("text").GetString()));
        if (text.Split("<material name=\"chapter\">\n{\"number\":") is [_, var rest])
        {
            return new CompletionAnswer(ScriptedBook.Chapter(int.Parse(rest.Split(',')[0])));
        }

        // What is asked for is known by what has been made.
        var kind = text.Contains("<material name=\"bible\">", StringComparison.Ordinal) ? "outline" : text.Contains("<material name=\"requirements\">", StringComparison.Ordinal) ? "bible" : "requirements";
        return new CompletionAnswer(ScriptedBook.Plan(kind, 3));
    }
}
