using System.Text.Json;

namespace Lekhika.Run.Books;

/// <summary>What is asked of the engine: the form's fields as the API takes them.</summary>
internal sealed record BookOrder(IReadOnlyDictionary<string, JsonElement> Input)
{
    private static readonly JsonSerializerOptions Lenient = new() { ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The book that a newcomer sees.</summary>
    private static readonly IReadOnlyDictionary<string, object> Demo = new Dictionary<string, object>(StringComparer.Ordinal)
    {
        ["book_title"] = "The Lantern Road",
        // Whoever writes it, the offline author or a configured model: imprint and colophon name it.
        ["author_name"] = "Lekhika",
        ["genre"] = "fantasy",
        ["premise"] = "In a hill country where every road is kept open by a lantern, the last lantern-keeper's apprentice must carry one light across the mountains before winter closes them.",
        ["chapter_count"] = 12,
        ["word_count"] = 20_000,
    };

    private static readonly string[] AllFormats = ["pdf", "docx", "epub", "html", "md", "txt"];

    public string Title => Text("book_title") ?? Text("title") ?? "";

    public string? Genre => Text("genre");

    /// <summary>The formats asked for, by their keys.</summary>
    public IReadOnlyList<string> Formats
    {
        get
        {
            var asked = Input.TryGetValue("output_formats", out var value) || Input.TryGetValue("formats", out value) ? Words(value) : AllFormats;
            return [.. asked.Select(word => word.Trim().ToLowerInvariant() switch { "markdown" => "md", "text" => "txt", var key => key }).Distinct(StringComparer.Ordinal)];
        }
    }

    /// <exception cref="RunFailedException">The brief cannot be read.</exception>
    public static async Task<BookOrder> ReadAsync(FileInfo? brief, string? title, CancellationToken cancellationToken)
    {
        var input = brief is null ? Elements(Demo) : Parse(brief, await File.ReadAllTextAsync(brief.FullName, cancellationToken));
        if (title is not null)
        {
            input["book_title"] = Element(title);
        }

        if (!input.ContainsKey("output_formats") && !input.ContainsKey("formats"))
        {
            input["output_formats"] = Element(AllFormats);
        }

        return new(input);
    }

    private static Dictionary<string, JsonElement> Parse(FileInfo file, string text)
    {
        if (!text.TrimStart().StartsWith('{'))
        {
            return Elements(new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["book_title"] = TitleFrom(file),
                ["premise"] = text.Trim(),
                ["chapter_count"] = 12,
                ["word_count"] = 20_000,
            });
        }

        try
        {
            var input = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(text, Lenient)!;
            // The whole body of a request is understood, too.
            input = input is { Count: 1 } && input.TryGetValue("userInput", out var inner) ? inner.Deserialize<Dictionary<string, JsonElement>>()! : input;
            if (!input.ContainsKey("book_title") && !input.ContainsKey("title"))
            {
                input["book_title"] = Element(TitleFrom(file));
            }

            return input;
        }
        catch (JsonException error)
        {
            throw new RunFailedException($"The brief '{file}' begins like JSON but is none: {error.Message}", error);
        }
    }

    /// <summary><c>the-glass-orchard.txt</c> is The Glass Orchard.</summary>
    private static string TitleFrom(FileInfo file)
    {
        var words = Path.GetFileNameWithoutExtension(file.Name).Split(['-', '_', ' ', '.'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? "Untitled" : string.Join(' ', words.Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
    }

    private static Dictionary<string, JsonElement> Elements(IReadOnlyDictionary<string, object> values) =>
        values.ToDictionary(pair => pair.Key, pair => Element(pair.Value), StringComparer.Ordinal);

    private static JsonElement Element<T>(T value) => JsonSerializer.SerializeToElement(value);

    private static IEnumerable<string> Words(JsonElement value) => value.ValueKind == JsonValueKind.Array
        ? value.EnumerateArray().Select(item => item.ToString())
        : value.ToString().Split(',', StringSplitOptions.RemoveEmptyEntries);

    private string? Text(string name) => Input.TryGetValue(name, out var value) && value.ToString() is { Length: > 0 } text ? text : null;
}
