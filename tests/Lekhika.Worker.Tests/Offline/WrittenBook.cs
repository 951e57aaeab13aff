using System.Collections.Concurrent;
using System.Text;
using Lekhika.Core;
using Lekhika.Core.Planning;
using Lekhika.Worker.Ai.Offline;
using Lekhika.Worker.Prompts;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Tests.Offline;

/// <summary>A book asked of the offline author the way the nodes ask for one: every answer by a prompt of its own.</summary>
internal sealed record WrittenBook(Brief Brief, StoryRequirements Requirements, StoryBible Bible, Outline Outline, IReadOnlyList<string> Chapters)
{
    private static readonly ConcurrentDictionary<(string Genre, int Chapters, int Words, long Seed), Lazy<WrittenBook>> Shelf = new();

    public const string Premise = "Mira, a lamplighter in the Lantern City, must carry the last flame across the Glass Marsh before winter, though she is afraid of the dark. Her friend Tobin comes along.";

    public static Brief A(string genre = "fantasy", int chapters = 12, int words = 20_000, long seed = 7, string premise = Premise, string title = "The Last Flame", string tone = "warm") =>
        new(title, null, "A. Author", genre, "young_adult", tone, "descriptive", "English", premise, chapters, words, seed, new Dictionary<string, string>(StringComparer.Ordinal));

    /// <summary>The book, written once for all tests that read it.</summary>
    public static WrittenBook Once(string genre, int chapters, int words, long seed) =>
        Shelf.GetOrAdd((genre, chapters, words, seed), key => new(() => Of(A(key.Genre, key.Chapters, key.Words, key.Seed)))).Value;

    public static WrittenBook Of(Brief brief)
    {
        var requirements = Ask<StoryRequirements>("requirements", brief.Seed, ("brief", brief));
        var bible = Ask<StoryBible>("bible", brief.Seed, ("brief", brief), ("requirements", requirements));
        var outline = Ask<Outline>("outline", brief.Seed, ("brief", brief), ("requirements", requirements), ("bible", bible));
        var chapters = outline.Chapters.Select(c => Prose(brief, bible, outline, c).Text).ToList();
        return new WrittenBook(brief, requirements, bible, outline, chapters);
    }

    public static ChatResponse Prose(Brief brief, StoryBible bible, Outline outline, OutlineChapter chapter) =>
        Respond(Prompt(("brief", brief), ("bible", bible), ("outline", outline), ("chapter", chapter)), new ChatOptions { Seed = brief.Seed });

    public static T Ask<T>(string schema, long? seed, params (string Name, object Value)[] materials) =>
        Json.Read<T>(Respond(Prompt(materials), new ChatOptions { Seed = seed, ResponseFormat = ChatResponseFormat.ForJsonSchema<T>(Json.Options, schema) }).Text);

    public static ChatMessage[] Prompt(params (string Name, object Value)[] materials)
    {
        List<string> prompt = ["Do the task with these materials.\n"];
        foreach (var (name, value) in materials)
        {
            Materials.Add(prompt, name, Json.Write(value));
        }

        return [new(ChatRole.System, "You are a novelist."), new(ChatRole.User, string.Concat(prompt))];
    }

    private static ChatResponse Respond(ChatMessage[] messages, ChatOptions options)
    {
        using var author = new OfflineAuthor();
        return author.GetResponseAsync(messages, options).GetAwaiter().GetResult();
    }
}
