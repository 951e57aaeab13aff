using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lekhika.Core.Exports;
using Lekhika.Core.Exports.Forms;

namespace Lekhika.Core.Planning;

/// <summary>A brief with the formats asked for, or the faults of the form by field.</summary>
public sealed record BriefReading(Brief? Brief, IReadOnlyList<ExportFormat> Formats, IReadOnlyDictionary<string, string[]> Errors)
{
    /// <summary>What the form asks of the files.</summary>
    public ExportSettings Settings { get; init; } = new();
}

/// <summary>
/// Reads the values of a form (<c>userInput</c>) into a <see cref="Brief"/>: the names that clients of the original know,
/// both spellings, figures as numbers or as ranges of which the upper end counts.
/// </summary>
public static partial class BriefReader
{
    /// <summary>Most characters of a title, subtitle or name.</summary>
    public const int MaxLine = 300;

    /// <summary>Most characters of one longer value (premise, instructions).</summary>
    public const int MaxText = 20_000;

    /// <summary>Most chapters of one book.</summary>
    public const int MaxChapters = 100;

    /// <summary>Most words of one book.</summary>
    public const int MaxWords = 500_000;

    /// <summary>Fewest and most words of a chapter.</summary>
    public static (int Least, int Most) ChapterWords { get; } = (100, 10_000);

    /// <summary>Most characters of all values together: they stand in the prompt of every chapter.</summary>
    public const int MaxForm = 60_000;

    /// <summary>Every name that is read from a form, in both spellings.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "book_title", "title", "subtitle", "author_name", "author", "genre", "target_audience", "audience", "tone", "writing_style", "style",
        "language", "premise", "topic", "custom_instructions", "chapter_count", "chapterCount", "word_count", "wordCount", "output_formats", "formats", "seed",
    ];

    private const int MaxValues = 100;

    private const int MaxName = 100;

    /// <summary>The brief of <paramref name="input"/>; when <c>Errors</c> has entries there is none and nothing may be queued.</summary>
    /// <param name="ignored">Names of settings of the files that are without effect, and no fault, when they cannot be read.</param>
    public static BriefReading Read(IReadOnlyDictionary<string, JsonElement> input, IReadOnlySet<string>? ignored = null)
    {
        var form = new Form(input);
        var title = form.Line("book_title", "title");
        var chapters = form.Number("chapter_count", "chapterCount", 1, MaxChapters);
        var words = form.Number("word_count", "wordCount", ChapterWords.Least, MaxWords);
        var chapterCount = chapters ?? Chapters(words ?? 20_000);
        var wordCount = words ?? chapterCount * 1_700;
        var formats = form.Formats("output_formats", "formats");
        var seed = form.Seed();
        var files = FormSettings.Read(form.Values);
        foreach (var (name, messages) in files.Errors.Where(fault => ignored?.Contains(fault.Key) != true))
        {
            form.Fault(name, messages[0]);
        }

        if (title.Length == 0)
        {
            form.Fault("book_title", "A title is required.");
        }

        if (form.Errors.Count == 0 && (wordCount / chapterCount < ChapterWords.Least || wordCount / chapterCount > ChapterWords.Most))
        {
            form.Fault("word_count", $"{wordCount} words in {chapterCount} chapters make {wordCount / chapterCount} words a chapter; {ChapterWords.Least} to {ChapterWords.Most} can be written.");
        }

        var brief = new Brief(
            title,
            NullIfEmpty(form.Line("subtitle")),
            Default(form.Line("author_name", "author"), "Anonymous"),
            Default(form.Line("genre"), "fiction"),
            Default(form.Line("target_audience", "audience"), "general"),
            Default(form.Line("tone"), "warm"),
            Default(form.Line("writing_style", "style"), "narrative"),
            form.Language(),
            string.Join("\n\n", new[] { form.Text("premise"), form.Text("topic"), form.Text("custom_instructions") }.Where(text => text.Length > 0)),
            chapterCount,
            wordCount,
            seed,
            form.Values);
        return form.Errors.Count > 0 ? new(null, [], form.Errors) : new(brief, formats, form.Errors) { Settings = files.Settings };
    }

    /// <summary>The original's rule for a book without a chapter count.</summary>
    private static int Chapters(int words) => words switch
    {
        <= 2_000 => 3,
        <= 5_000 => 4,
        <= 10_000 => 6,
        _ => Math.Clamp(words / 2_500, 8, MaxChapters),
    };

    private static string Default(string value, string fallback) => value.Length == 0 ? fallback : value;

    private static string? NullIfEmpty(string value) => value.Length == 0 ? null : value;

    private sealed class Form
    {
        private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
        private readonly Dictionary<string, string[]> _errors = new(StringComparer.Ordinal);

        public Form(IReadOnlyDictionary<string, JsonElement> input)
        {
            if (input.Count > MaxValues)
            {
                Fault("userInput", $"A form has at most {MaxValues} values.");
                return;
            }

            foreach (var (name, element) in input)
            {
                if (name.Length > MaxName)
                {
                    Fault(Shorten(name), $"A name has at most {MaxName} characters.");
                }
                else if (ValueOf(element) is not { } value)
                {
                    Fault(name, "A value is a text, a number, true or false, or a list of these.");
                }
                else if (value.Length > MaxText)
                {
                    Fault(name, $"The value has {value.Length} characters; at most {MaxText} are read.");
                }
                else if (value.Contains('\0', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal))
                {
                    Fault(name.Replace("\0", "", StringComparison.Ordinal), "The character U+0000 cannot be stored.");
                }
                else
                {
                    _values[name] = value;
                }
            }

            var length = _values.Values.Sum(value => value.Length);
            if (length > MaxForm)
            {
                Fault("userInput", $"The values have {length} characters together; at most {MaxForm} are read.");
            }
        }

        public Dictionary<string, string> Values => _values;

        public Dictionary<string, string[]> Errors => _errors;

        public void Fault(string name, string message) => _errors.TryAdd(name, [message]);

        public string Text(string name) => _values.GetValueOrDefault(name, "").Trim();

        public string Line(params ReadOnlySpan<string> names)
        {
            foreach (var name in names)
            {
                if (Text(name) is { Length: > 0 } value)
                {
                    if (value.Length > MaxLine)
                    {
                        Fault(name, $"The value has {value.Length} characters; at most {MaxLine} are allowed here.");
                    }
                    else if (value.Any(char.IsControl))
                    {
                        Fault(name, "The value is one line without control characters.");
                    }

                    return value;
                }
            }

            return "";
        }

        public int? Number(string name, string otherName, int least, int most)
        {
            var key = Sent(name, otherName);
            var text = Text(key);
            if (text.Length == 0)
            {
                return null;
            }

            if (Figure.Read(text) is not { } number || number < least || number > most)
            {
                Fault(key, $"'{Shorten(text)}' is not a number from {least} to {most}.");
                return null;
            }

            return number;
        }

        public List<ExportFormat> Formats(string name, string otherName)
        {
            var key = Sent(name, otherName);
            var words = Text(key).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            var unknown = words.Where(word => ExportFormat.Find(word) is null).Select(Shorten).ToList();
            if (unknown.Count > 0)
            {
                Fault(key, $"'{string.Join("', '", unknown)}' cannot be made; the formats are {string.Join(", ", ExportFormat.Known.Select(format => format.Key))}.");
            }

            if (ExportFormat.IsCoverAlone(words))
            {
                Fault(key, ExportFormat.CoverNeedsPdf);
            }

            return [.. ExportFormat.Known.Where(format => words.Any(word => ExportFormat.Find(word) == format))];
        }

        public string Language()
        {
            var tag = Default(Line("language"), "en");
            if (tag.Length > 35 || !Tag().IsMatch(tag))
            {
                Fault("language", $"'{Shorten(tag)}' is not a language tag such as en or pt-BR (BCP 47).");
            }

            return tag;
        }

        /// <summary>The seed sent, or one made from the values: the same form gives the same book from a deterministic author.</summary>
        public long Seed()
        {
            if (Text("seed") is { Length: > 0 } sent)
            {
                if (!long.TryParse(sent, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed))
                {
                    Fault("seed", $"'{Shorten(sent)}' is not a whole number.");
                }

                return seed;
            }

            var all = string.Join('\n', _values.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{Escaped(pair.Key).Replace("=", "\\=", StringComparison.Ordinal)}={Escaped(pair.Value)}"));
            return BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(all))) & long.MaxValue;
        }

        private string Sent(string name, string otherName) => Text(name).Length > 0 ? name : Text(otherName).Length > 0 ? otherName : name;

        // No value can look like the line of another.
        private static string Escaped(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

        private static string? ValueOf(JsonElement element) => element.ValueKind switch
        {
            JsonValueKind.String => TextOf(element),
            JsonValueKind.Number => element.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.Null => "",
            JsonValueKind.Array => ListOf(element),
            _ => null,
        };

        private static string? ListOf(JsonElement list)
        {
            var parts = list.EnumerateArray()
                .Select(e => e.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False ? ValueOf(e) : null)
                .ToList();
            return parts.Contains(null) ? null : string.Join(", ", parts);
        }

        /// <summary>Null for half of a surrogate pair, which JSON can say and Unicode text cannot.</summary>
        private static string? TextOf(JsonElement element)
        {
            try
            {
                return element.GetString();
            }
            catch (InvalidOperationException)
            {
                return null;
            }
        }

        private static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "…";
    }

    [GeneratedRegex("^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Tag();
}
