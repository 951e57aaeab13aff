using Lekhika.Core;
using Lekhika.Core.Planning;
using Lekhika.Testing.Chat;
using Microsoft.Extensions.AI;

namespace Lekhika.Testing.Runs;

/// <summary>Rules by which a <see cref="ScriptedChatClient"/> writes a small book; rules added before these come first.</summary>
public static class ScriptedBook
{
    /// <summary>Answers the default engine's four kinds of tasks.</summary>
    public static ScriptedChatClient WriteBook(this ScriptedChatClient model, int chapters)
    {
        foreach (var kind in new[] { "requirements", "bible", "outline" })
        {
            model.When(AsksFor(kind)).Say(Plan(kind, chapters));
        }

        model.When(request => ChapterOf(request) is not null).Say(request => Chapter(ChapterOf(request)!.Value));
        return model;
    }

    /// <summary>The JSON of one kind of structured answer.</summary>
    public static string Plan(string kind, int chapters) => kind switch
    {
        "requirements" => Json.Write(new StoryRequirements("A girl looks for a city.", "Wonder.", ["home", "light"], "Long ago.", [], [])),
        "bible" => Json.Write(new StoryBible("She finds it.", [new("Mira", "protagonist", "She is brave.", "Short words.")], [new("Lantern City", "Bright.")], [], [])),
        "outline" => Json.Write(Outline(chapters)),
        _ => throw new ArgumentException($"Nobody asks for '{kind}'.", nameof(kind)),
    };

    /// <summary>An outline of so many chapters.</summary>
    public static Outline Outline(int chapters) => new([.. Enumerable.Range(1, chapters).Select(n =>
        new OutlineChapter(n, $"Part {n} of the Way", "Goes on.", "Mira", ["Lantern City"], ["Mira"], ["She walks."], "On the road.", "Further on.", 500))]);

    /// <summary>The text of a chapter: the same for the same number.</summary>
    public static string Chapter(int number) => $"Mira walked for {number} days.\n\n***\n\n“Is it *far*?” she asked, {number} times.";

    /// <summary>Fits requests for one kind of structured answer.</summary>
    public static Func<ScriptedRequest, bool> AsksFor(string kind) => request => (request.Options?.ResponseFormat as ChatResponseFormatJson)?.SchemaName == kind;

    /// <summary>The chapter that a request asks for; null when it asks for something else.</summary>
    public static int? ChapterOf(ScriptedRequest request)
    {
        const string fence = "<material name=\"chapter\">\n{\"number\":";
        var at = request.Text.IndexOf(fence, StringComparison.Ordinal);
        return at < 0 ? null : int.Parse(request.Text[(at + fence.Length)..].Split(',')[0]);
    }
}
