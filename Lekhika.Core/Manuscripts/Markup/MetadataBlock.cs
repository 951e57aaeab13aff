using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Lekhika.Core.Manuscripts.Markup;

/// <summary>The block of metadata at the head of a book's file: lines of <c>key: value</c> between two lines of three hyphens.</summary>
public static class MetadataBlock
{
    private const string Rule = "---";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The lines, both rules included.</summary>
    public static IEnumerable<string> Lines(BookFileMetadata metadata) =>
        [Rule, .. JsonSerializer.SerializeToNode(metadata, Options)!.AsObject().Select(pair => $"{pair.Key}: {pair.Value?.ToJsonString(Options) ?? "null"}"), Rule];

    /// <summary>Takes the block off a text. A value that is no JSON is taken as its characters; a line that is no pair, and a key that we do not know, is passed over.</summary>
    public static BookFileMetadata Read(string text, out string rest)
    {
        var lines = text.Split('\n');
        var end = lines[0].TrimEnd() == Rule ? Array.FindIndex(lines, 1, line => line.TrimEnd() is Rule or "...") : -1;
        rest = end < 0 ? text : string.Join('\n', lines[(end + 1)..]);
        var metadata = new BookFileMetadata();
        foreach (var line in end < 0 ? [] : lines[1..end])
        {
            if (line.Split(':', 2) is [var key, var value] && typeof(BookFileMetadata).GetProperties().FirstOrDefault(property => Key(property.Name) == key.Trim()) is { } property
                && Value(value.Trim(), property.PropertyType) is { } read)
            {
                property.SetValue(metadata, read);
            }
        }

        return metadata;
    }

    /// <summary>A picture's line, as it is in the file.</summary>
    public static string Line(PictureLine picture) => JsonSerializer.Serialize(picture, Options);

    /// <summary>A picture of a block of code; null when it is none.</summary>
    public static (PictureLine Line, byte[] Content)? Picture(string code)
    {
        try
        {
            var lines = code.Split('\n', 2);
            return JsonSerializer.Deserialize<PictureLine>(lines[0], Options) is { Id: not null, MediaType: not null } picture
                ? (picture, Convert.FromBase64String(lines.ElementAtOrDefault(1) ?? ""))
                : null;
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            return null;
        }
    }

    private static string Key(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);

    private static object? Value(string value, Type type)
    {
        try
        {
            return JsonSerializer.Deserialize(value, type, Options);
        }
        catch (JsonException)
        {
            return type == typeof(string) ? value : null;
        }
    }
}
