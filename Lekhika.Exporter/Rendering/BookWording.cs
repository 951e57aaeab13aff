using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json.Serialization;
using Lekhika.Core;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;

namespace Lekhika.Exporter.Rendering;

/// <summary>
/// The words that a book needs besides its author's, in the book's language: data (<c>Wording/*.json</c>, one file a language),
/// English where we have no better. Where words hold <c>{0}</c> there is a method that fills it in; numbers are always such words'
/// business, as languages differ in where a number stands.
/// </summary>
internal sealed record BookWording
{
    private static readonly FrozenDictionary<string, BookWording> ByLanguage =
        new[] { "en", "ar", "bn", "de", "el", "es", "fr", "he", "hi", "it", "ja", "ko", "pt", "ru", "ta", "zh", "zh-Hant" }
            .ToFrozenDictionary(tag => tag, Load, StringComparer.OrdinalIgnoreCase);

    /// <summary>The BCP 47 tags of the languages whose words we have.</summary>
    public static IReadOnlyCollection<string> Languages => ByLanguage.Keys;

    /// <summary>The BCP 47 tag of these words' own language: another than the book's where we had none for it.</summary>
    [JsonIgnore]
    public string Language { get; private init; } = "";

    /// <summary>Whether the book (not these words) is written from right to left.</summary>
    [JsonIgnore]
    public bool IsRightToLeft { get; private init; }

    public required string Contents { get; init; }
    public required string ChapterFormat { get; init; }
    public required string HeadingFormat { get; init; }
    public required string PartFormat { get; init; }
    public required IReadOnlyList<string> FirstParts { get; init; }
    public required string Colophon { get; init; }
    public required string Cover { get; init; }
    public required string BackCover { get; init; }
    public required string TitlePage { get; init; }
    public required string HalfTitle { get; init; }
    public required string Imprint { get; init; }
    public required string ByFormat { get; init; }
    public required string DisclosureFormat { get; init; }
    public required string SetInFormat { get; init; }
    public required string SkipToText { get; init; }
    public required string StartOfText { get; init; }

    /// <summary>The name of an EPUB's list of landmarks.</summary>
    public required string Landmarks { get; init; }

    /// <summary>The name of an EPUB's list of pages.</summary>
    public required string Pages { get; init; }

    public required string PageFormat { get; init; }

    /// <summary>The heading above notes that stand together.</summary>
    public required string Notes { get; init; }

    public required string NoteFormat { get; init; }

    /// <summary>The link from a note to where it was called.</summary>
    public required string BackToText { get; init; }

    public required string Exercise { get; init; }
    public required string FigureFormat { get; init; }
    public required string TableFormat { get; init; }

    /// <summary>What stands for a picture that is not there and has no words of its own.</summary>
    public required string Picture { get; init; }

    public required string Illustration { get; init; }
    public required string AllRightsReserved { get; init; }

    /// <summary>The label of an edition's name, such as "Second edition".</summary>
    public required string Edition { get; init; }

    public required string Publisher { get; init; }
    public required string PrintIsbnFormat { get; init; }
    public required string EbookIsbnFormat { get; init; }
    public required IReadOnlyDictionary<MatterKind, string> MatterTitles { get; init; }
    public required IReadOnlyDictionary<CalloutKind, string> CalloutTitles { get; init; }

    /// <summary>What a colophon says of the book's making.</summary>
    public required ProvenanceWording Provenance { get; init; }

    /// <summary>The language's marks, for words that a renderer itself quotes; the author's are never touched.</summary>
    public required QuotationMarks Quotes { get; init; }

    /// <summary>The wording for a book in the language of a BCP 47 tag, by its primary language (and, for Chinese, its script or region).</summary>
    public static BookWording For(string language)
    {
        var tag = new LanguageTag(language);
        var key = tag.IsTraditionalChinese ? "zh-Hant" : tag.Primary is "cmn" or "yue" ? "zh" : tag.Primary;
        return (ByLanguage.GetValueOrDefault(key) ?? ByLanguage["en"]) with { IsRightToLeft = tag.IsRightToLeft };
    }

    /// <summary><c>Chapter 3</c>, <c>第3章</c>.</summary>
    public string Label(Chapter chapter) => Fill(ChapterFormat, chapter.Number);

    /// <summary>What stands above a chapter's title: <c>Chapter 3</c>, <c>3</c> or nothing.</summary>
    public string Label(Chapter chapter, ChapterLabel label) => label switch
    {
        ChapterLabel.Full => Label(chapter),
        ChapterLabel.Number => chapter.Number.ToString(CultureInfo.InvariantCulture),
        _ => "",
    };

    /// <summary><c>Part Two</c> in a book of at most ten parts, <c>Part 2</c> in one of more.</summary>
    public string Label(Part part, int parts) =>
        parts <= FirstParts.Count && part.Number >= 1 && part.Number <= parts ? FirstParts[part.Number - 1] : Fill(PartFormat, part.Number);

    /// <summary><c>Chapter 3: The Lamplighter</c>, or the label alone for a chapter without a title.</summary>
    public string Heading(Chapter chapter) => Joined(Label(chapter), chapter.Title);

    /// <summary><c>Part Two: The Sea</c>, or the label alone for a part without a title.</summary>
    public string Heading(Part part, int parts) => Joined(Label(part, parts), part.Title);

    /// <summary>Dedications and epigraphs stand without a heading, and no contents name them, unless they have a title of their own.</summary>
    public static bool IsQuiet(Matter matter) => matter is { Kind: MatterKind.Dedication or MatterKind.Epigraph, Title.Length: 0 };

    /// <summary>A section's own title, or its kind's word.</summary>
    public string Title(Matter matter) => matter.Title.Length == 0 ? MatterTitle(matter.Kind) : matter.Title;

    /// <summary><c>Foreword</c>.</summary>
    public string MatterTitle(MatterKind kind) => MatterTitles[kind];

    /// <summary><c>Tip</c>.</summary>
    public string CalloutTitle(CalloutKind kind) => CalloutTitles[kind];

    /// <summary><c>Page 12</c>; the number is as printed (<c>xii</c> too).</summary>
    public string Page(string number) => Fill(PageFormat, number);

    /// <summary><c>Note 3</c>.</summary>
    public string Note(int number) => Fill(NoteFormat, number);

    /// <summary><c>Figure 3</c>.</summary>
    public string Figure(int number) => Fill(FigureFormat, number);

    /// <summary><c>Table 3</c>.</summary>
    public string Table(int number) => Fill(TableFormat, number);

    /// <summary>The ISBN of the printed book, with its label.</summary>
    public string PrintIsbn(string isbn) => Fill(PrintIsbnFormat, isbn);

    /// <summary>The ISBN of the EPUB, with its label.</summary>
    public string EbookIsbn(string isbn) => Fill(EbookIsbnFormat, isbn);

    /// <summary>Who is named on the title page.</summary>
    public string By(string author) => Fill(ByFormat, author);

    /// <summary>The line that tells a reader of machine-made text.</summary>
    public string Disclosure(string aiService) => Fill(DisclosureFormat, aiService);

    /// <summary>The printed book's typeface and typesetter.</summary>
    public string SetIn(string font) => Fill(SetInFormat, font);

    private static BookWording Load(string tag) => Json.Read<BookWording>(EmbeddedText.Read($"Rendering.Wording.{tag}.json")) with { Language = tag };

    private static string Fill(string words, string value) => words.Replace("{0}", value, StringComparison.Ordinal);

    private static string Fill(string words, int number) => Fill(words, number.ToString(CultureInfo.InvariantCulture));

    private string Joined(string label, string title) =>
        title.Length == 0 ? label : Fill(HeadingFormat, label).Replace("{1}", title, StringComparison.Ordinal);
}

/// <summary>A language's quotation marks, outer and inner, with the spaces that belong to them.</summary>
internal sealed record QuotationMarks(string Open, string Close, string InnerOpen, string InnerClose);
