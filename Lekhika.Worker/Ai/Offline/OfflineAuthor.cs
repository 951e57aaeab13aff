using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
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
internal sealed class OfflineAuthor : IChatClient
{
    public const string ProviderName = "offline";
    public const string ModelId = "offline-author";

    /// <summary>A model's usual ratio of tokens to English words.</summary>
    private const double TokensPerWord = 1.3;

    private const int WordsPerDelta = 5;

    private const int BooksKept = 8;

    /// <summary>Spares the telling of a whole book for each of its chapters; only a memory of what would be told again, to the letter.</summary>
    private static readonly ConcurrentDictionary<string, Lazy<IReadOnlyList<string>>> Told = new(StringComparer.Ordinal);

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
        var (text, usage) = Answer(messages, options);
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, text))
        {
            ResponseId = ResponseId(text),
            ModelId = ModelId,
            FinishReason = ChatFinishReason.Stop,
            Usage = usage,
        });
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (text, usage) = Answer(messages, options);
        var id = ResponseId(text);
        foreach (var delta in Deltas(text))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new ChatResponseUpdate(ChatRole.Assistant, delta) { ResponseId = id, MessageId = id, ModelId = ModelId };
            await Task.Yield();
        }

        cancellationToken.ThrowIfCancellationRequested();
        yield return new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(usage)]) { ResponseId = id, MessageId = id, ModelId = ModelId, FinishReason = ChatFinishReason.Stop };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null : serviceType == typeof(ChatClientMetadata) ? Metadata : serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // Holds nothing: all it knows comes with each call.
    }

    private static (string Text, UsageDetails Usage) Answer(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        var all = messages.ToList();
        var prompt = string.Join('\n', all.Where(m => m.Role == ChatRole.User).Select(m => m.Text));
        var brief = Material<Brief>(prompt, "brief");
        var seed = options?.Seed ?? brief.Seed;
        var text = options?.ResponseFormat switch
        {
            ChatResponseFormatJson { SchemaName: "requirements" } => Json.Write(new Planner(new World(brief, null, seed), seed).Requirements()),
            ChatResponseFormatJson { SchemaName: "bible" } => Json.Write(new Planner(new World(brief, null, seed), seed).Bible()),
            ChatResponseFormatJson { SchemaName: "outline" } => Json.Write(new Planner(new World(brief, Material<StoryBible>(prompt, "bible"), seed), seed).Outline()),
            ChatResponseFormatJson json => throw new InvalidOperationException($"The offline author cannot answer in the shape '{json.SchemaName ?? "(no name)"}'; it knows requirements, bible and outline."),
            _ => Chapter(prompt, brief, seed),
        };
        var input = Tokens(all.Sum(m => WordCount.Of(m.Text)));
        var output = Tokens(WordCount.Of(text));
        return (text, new UsageDetails { InputTokenCount = input, OutputTokenCount = output, TotalTokenCount = input + output });
    }

    private static string Chapter(string prompt, Brief brief, long seed)
    {
        var bible = Material<StoryBible>(prompt, "bible");
        var outline = Material<Outline>(prompt, "outline");
        var chapter = Material<OutlineChapter>(prompt, "chapter");
        if (chapter.Beats.Count == 0)
        {
            throw new InvalidOperationException($"Chapter {chapter.Number} has no beats in the outline, so the offline author does not know what happens in it.");
        }

        var chapters = outline.Chapters.Where(c => c.Number < chapter.Number && c.Beats.Count > 0).Append(chapter).Concat(outline.Chapters.Where(c => c.Number > chapter.Number && c.Beats.Count > 0)).OrderBy(c => c.Number).ToList();
        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}\n{Json.Write(brief)}\n{Json.Write(bible)}\n{Json.Write(chapters)}")));
        if (Told.Count >= BooksKept)
        {
            Told.Clear();
        }

        return Told.GetOrAdd(key, _ => new(() => new Storyteller(new World(brief, bible, seed), new Outline(chapters), seed).Tell())).Value[chapters.IndexOf(chapter)];
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

    private static string ResponseId(string text) => $"offline-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8))}";

    /// <summary>Groups of a few words with the white space that follows them: together they are the text.</summary>
    private static IEnumerable<string> Deltas(string text)
    {
        var start = 0;
        for (var (i, words) = (1, 0); i < text.Length; i++)
        {
            if (char.IsWhiteSpace(text[i - 1]) && !char.IsWhiteSpace(text[i]) && ++words == WordsPerDelta)
            {
                yield return text[start..i];
                (start, words) = (i, 0);
            }
        }

        if (start < text.Length)
        {
            yield return text[start..];
        }
    }
}
