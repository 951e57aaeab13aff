using System.Text.RegularExpressions;

namespace Lekhika.Worker.Ai.Offline;

/// <summary>Makes filled templates into print: capitals, articles, typographic quotation marks; and takes prose apart into sentences.</summary>
internal static partial class Prose
{
    /// <summary>By sound, as far as the word lists need it: "an hour", "a uniform", "a one-eyed cat".</summary>
    [GeneratedRegex(@"\b(?<a>[Aa])n? (?:(?<an>(?=hour|honest|honour|heir|(?!one|once|uni|use|usu|uto|eu)[aeiouAEIOU]))|(?=\p{L}))", RegexOptions.ExplicitCapture, 2000)] private static partial Regex Article { get; }
    [GeneratedRegex("""(?<=^|[\s(—*])"(?=\S)""", RegexOptions.None, 2000)] private static partial Regex OpeningQuote { get; }
    [GeneratedRegex(@"(?<=[\s(—“])'(?=\S)", RegexOptions.None, 2000)] private static partial Regex OpeningSingle { get; }

    /// <summary>After a question or an exclamation in quotation marks a sentence begins, unless somebody is still said to say it.</summary>
    [GeneratedRegex(@"(?:^|(?:[.!?]|\.”|\.\*|[!?]”(?! (?:\w+ ){0,4}(?:said|asked|called|cried|whispered|answered|replied|murmured|inquired)\b)) )[“*‘(]*\p{Ll}", RegexOptions.None, 2000)] private static partial Regex SentenceStart { get; }
    [GeneratedRegex(@"(?<=[.!?…][”’*]*)\s+|\n+", RegexOptions.None, 2000)] private static partial Regex SentenceEnd { get; }
    [GeneratedRegex(@"(?<=.)\b(?:A|An|And|As|At|By|For|From|In|Into|Of|On|Or|The|To|With|Without)\b", RegexOptions.None, 2000)] private static partial Regex SmallWord { get; }
    [GeneratedRegex(@"[\\`*_\[\]<>#|~&]", RegexOptions.None, 2000)] private static partial Regex MarkdownMark { get; }

    /// <summary>The printed paragraphs of a filled template, parted by empty lines; a pilcrow between blanks parts them in the template.</summary>
    public static string Print(string filled) => string.Join("\n\n", filled.Split(" ¶ ").Select(Finish));

    /// <summary>One paragraph, ready to print.</summary>
    public static string Finish(string text)
    {
        text = Article.Replace(text, m => m.Groups["a"].Value + (m.Groups["an"].Success ? "n " : " "));
        text = OpeningQuote.Replace(text.Replace("--", "—").Replace("...", "…"), "“").Replace('"', '”');
        text = OpeningSingle.Replace(text, "‘").Replace('\'', '’');
        return SentenceStart.Replace(text, m => m.Value[..^1] + char.ToUpperInvariant(m.Value[^1]));
    }

    /// <summary>The sentences of prose, marks removed, so that two of them can be compared.</summary>
    public static IEnumerable<string> Sentences(string prose) =>
        SentenceEnd.Split(prose).Select(s => s.Trim('“', '”', '*', '—', ' ', '\n')).Where(s => s.Length > 0);

    /// <summary>Title case: "The Price of a True Name".</summary>
    public static string Title(string text) =>
        SmallWord.Replace(string.Join(' ', Finish(text).Split(' ').Select(Capital)), m => m.Value.ToLowerInvariant());

    public static string Capital(string text) => text.Length > 0 ? char.ToUpperInvariant(text[0]) + text[1..] : text;

    /// <summary>Text of a person as Markdown text: what would be a mark is escaped.</summary>
    public static string Escape(string text) => MarkdownMark.Replace(text, @"\$0");
}
