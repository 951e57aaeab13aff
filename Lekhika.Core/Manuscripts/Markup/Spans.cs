using System.Globalization;
using System.Text;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Syntax.Inlines;

namespace Lekhika.Core.Manuscripts.Markup;

/// <summary>Words with attributes: <c>[anno domini]{.smallcaps}</c>, <c>[mot]{lang=fr}</c>, and <c>2^nd^</c>.</summary>
internal sealed class SpanInline(IReadOnlyList<string> classes, string? language) : ContainerInline
{
    /// <summary>Raised words, of which Markdown has a mark too.</summary>
    public const string Raised = "superscript";

    private static readonly string[] Known = ["smallcaps", Raised, "emphasis", "strong"];

    public IReadOnlyList<string> Classes { get; } = classes;

    public string? Language { get; } = language;

    /// <summary>A span of these attributes; null when books have none such.</summary>
    public static SpanInline? Of(Attributes attributes)
    {
        var language = attributes.Value("lang");
        return attributes.Classes.All(Known.Contains) && attributes.Values.Keys.All(key => key == "lang") && (language is null || LanguageTag.IsGood(language))
            ? new(attributes.Classes, language)
            : null;
    }
}

/// <summary>Reads Pandoc's bracketed spans: beside <see cref="Markdig.Parsers.Inlines.LinkInlineParser"/>, which has opened the bracket.</summary>
internal sealed class SpanParser : InlineParser
{
    public SpanParser() => OpeningCharacters = [']'];

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        if (slice.PeekChar() != '{'
            || Attributes.Read(slice.AsSpan()[1..], out var length) is not { } attributes
            || SpanInline.Of(attributes) is not { } span
            || processor.Inline?.FirstParentOfType<LinkDelimiterInline>() is not { IsImage: false } opening)
        {
            return false;
        }

        opening.ReplaceBy(span);
        processor.Inline = span;
        processor.PostProcessInlines(0, span, null, isFinalProcessing: false);
        span.IsClosed = true;
        slice.Start += length + 1;
        return true;
    }
}

/// <summary>
/// Reads <c>2^nd^</c>: letters and digits between two marks, behind a letter or a digit and before none. Pandoc takes more;
/// but "x^2+y^2=z^2" and "(^o^)" are what people write.
/// </summary>
internal sealed class RaisedParser : InlineParser
{
    private const int MostCharacters = 16;

    public RaisedParser() => OpeningCharacters = ['^'];

    /// <summary>Whether a character may stand before the mark, and between the marks.</summary>
    public static bool IsOfWord(Rune rune) => Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        var rest = slice.AsSpan()[1..];
        var end = rest[..Math.Min(rest.Length, MostCharacters + 1)].IndexOf('^');
        if (end < 1 || !AreOfWord(rest[..end]) || !EndsWord(slice.Text.AsSpan(0, slice.Start)) || BeginsWord(rest[(end + 1)..]))
        {
            return false;
        }

        var span = new SpanInline([SpanInline.Raised], null) { IsClosed = true };
        span.AppendChild(new LiteralInline(rest[..end].ToString()) { IsClosed = true });
        processor.Inline = span;
        slice.Start += end + 2;
        return true;
    }

    private static bool AreOfWord(ReadOnlySpan<char> text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsOfWord(rune))
            {
                return false;
            }
        }

        return true;
    }

    private static bool EndsWord(ReadOnlySpan<char> text) => Rune.DecodeLastFromUtf16(text, out var rune, out _) == System.Buffers.OperationStatus.Done && IsOfWord(rune);

    private static bool BeginsWord(ReadOnlySpan<char> text) =>
        text is ['^', ..] || (Rune.DecodeFromUtf16(text, out var rune, out _) == System.Buffers.OperationStatus.Done && IsOfWord(rune));
}
