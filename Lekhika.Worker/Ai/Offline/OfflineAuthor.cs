using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lekhika.Core;
using Lekhika.Core.Manuscripts;
using Lekhika.Core.Planning;
using Lekhika.Worker.Prompts;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Ai.Offline;

/// <summary>
/// A model without a network: plans and writes a book from word lists, the same for the same materials and seed
/// (<see cref="ChatOptions.Seed"/>, else the brief's). Give all calls of one book one seed: a chapter then knows what the
/// others say. It reads the materials of the prompt and answers in the shape asked for, as a real model would.
/// </summary>
internal sealed partial class OfflineAuthor : IChatClient
{
    public const string ProviderName = "offline";
    public const string ModelId = "offline-author";

    /// <summary>A model's usual ratio of tokens to English words.</summary>
    private const double TokensPerWord = 1.3;
    private const int BooksKept = 8;

    /// <summary>Spares the telling of a whole book for each of its chapters; only a memory of what would be told again, to the letter. The oldest is forgotten first.</summary>
    private static readonly OrderedDictionary<string, Lazy<IReadOnlyList<string>>> Told = new(StringComparer.Ordinal);
    private static readonly ChatClientMetadata Metadata = new(ProviderName, providerUri: null, ModelId);

    /// <summary>What a reader must know of the book's origin, in plain English sentences.</summary>
    public static IReadOnlyList<string> Colophon { get; } =
    [
        "This book was written by Lekhika’s offline author, a small deterministic program, without a language model and without a network.",
        "It is a demonstration of the way from a brief to a finished book; the same brief and seed give the same words again.",
    ];

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Answer([.. messages], options));
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var whole = Answer([.. messages], options);
        foreach (var content in FewWords.Matches(whole.Text).Select(AIContent (words) => new TextContent(words.Value)).Append(new UsageContent(whole.Usage!)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var end = content is UsageContent ? whole.FinishReason : null;
            yield return new ChatResponseUpdate(ChatRole.Assistant, [content]) { ResponseId = whole.ResponseId, MessageId = whole.ResponseId, ModelId = ModelId, FinishReason = end };
            await Task.Yield();
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null : serviceType == typeof(ChatClientMetadata) ? Metadata : serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // Holds nothing: all it knows comes with each call.
    }

    private static ChatResponse Answer(ChatMessage[] messages, ChatOptions? options)
    {
        var prompt = string.Join('\n', messages.Where(m => m.Role == ChatRole.User).Select(m => m.Text));
        var brief = Material<Brief>(prompt, "brief");
        var seed = options?.Seed ?? brief.Seed;
        var text = options?.ResponseFormat switch
        {
            ChatResponseFormatJson { SchemaName: "requirements" } => Json.Write(new Planner(new World(brief, null, seed), seed).Requirements()),
            ChatResponseFormatJson { SchemaName: "bible" } => Json.Write(new Planner(new World(brief, null, seed), seed).Bible()),
            ChatResponseFormatJson { SchemaName: "outline" } => Json.Write(new Outliner(new World(brief, Material<StoryBible>(prompt, "bible"), seed), seed).Outline),
            ChatResponseFormatJson { SchemaName: "report" } => Json.Write(Report(brief, seed)),
            ChatResponseFormatJson json => throw new InvalidOperationException($"The offline author cannot answer in the shape '{json.SchemaName ?? "(no name)"}'; it knows requirements, bible, outline and report."),
            _ => Rest(Chapter(prompt, brief, seed), Materials.Find<WrittenText>(prompt, "written")?.Text ?? ""),
        };
        var (input, output) = (Tokens(messages.Sum(m => WordCount.Of(m.Text))), Tokens(WordCount.Of(text)));
        var usage = new UsageDetails { InputTokenCount = input, OutputTokenCount = output, TotalTokenCount = input + output };
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, text)) { ResponseId = $"offline-{Hash(text)[..16]}", ModelId = ModelId, FinishReason = ChatFinishReason.Stop, Usage = usage };
    }

    /// <summary>A specialist's report that says what it is: a program has looked at nothing.</summary>
    private static Report Report(Brief brief, long seed) => new(
        $"The offline author has no opinion of “{brief.Title}”; it reports so that the workflow can go on.",
        [new("Genre", $"The brief asks for {brief.Genre}."), new("Length", $"{brief.WordCount} words in {brief.ChapterCount} chapters.")],
        60 + (int)(seed & 31));

    /// <summary>What of a text is still to be written after its beginning.</summary>
    private static string Rest(string whole, string written) => whole.StartsWith(written, StringComparison.Ordinal)
        ? whole[written.Length..]
        : throw new InvalidOperationException("The material 'written' is not the beginning of what the offline author writes, so it cannot go on from there.");

    private static string Chapter(string prompt, Brief brief, long seed)
    {
        var bible = Material<StoryBible>(prompt, "bible");
        var outline = Material<Outline>(prompt, "outline");
        var chapter = Material<OutlineChapter>(prompt, "chapter");
        if (chapter.Beats.Count == 0)
        {
            throw new InvalidOperationException($"Chapter {chapter.Number} has no beats in the outline, so the offline author does not know what happens in it.");
        }

        List<OutlineChapter> chapters = [.. outline.Chapters.Where(c => c.Number != chapter.Number && c.Beats.Count > 0).Append(chapter).OrderBy(c => c.Number)];
        var key = Hash($"{seed}\n{Json.Write(brief)}\n{Json.Write(bible)}\n{Json.Write(chapters)}");
        Lazy<IReadOnlyList<string>>? book;
        lock (Told)
        {
            if (!Told.TryGetValue(key, out book))
            {
                Told.Add(key, book = new(() => new Storyteller(new World(brief, bible, seed), new Outline(chapters), seed).Tell()));
                if (Told.Count > BooksKept)
                {
                    Told.RemoveAt(0);
                }
            }
        }

        return book.Value[chapters.IndexOf(chapter)];
    }

    private static T Material<T>(string prompt, string name) where T : class
    {
        try
        {
            return Materials.Find<T>(prompt, name) ?? throw new InvalidOperationException($"The offline author needs the material '{name}' in the prompt, and it is not there.");
        }
        catch (JsonException e)
        {
            throw new InvalidOperationException($"The offline author cannot read the material '{name}' in the prompt: {e.Message}", e);
        }
    }

    private static long Tokens(int words) => (long)Math.Ceiling(words * TokensPerWord);
    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Up to five words with the white space that follows them: what a stream brings at once.</summary>
    [GeneratedRegex(@"\s*(?:\S+\s*){1,5}", RegexOptions.None, 2000)] private static partial Regex FewWords { get; }
}
