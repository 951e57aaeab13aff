using System.ComponentModel;
using Lekhika.Core.Manuscripts;

namespace Lekhika.Core.Exports;

/// <summary>
/// What a client asks of a book's files: one model for form, engine, presets and renderers. Everything is optional;
/// what is null is the theme's (<see cref="BookDesign.Of"/>). A user's theme is the same model, kept under a name.
/// </summary>
public sealed record ExportSettings
{
    [Description("The id of a theme that comes with Lekhika or of one of yours (GET /v1/themes); trade-paperback when absent.")]
    public string? Theme { get; init; }

    [Description("The trim size: 5x8, 5.25x8, 5.5x8.5, 6x9, A5, B5, A4, Letter, 8x10, 8.5x8.5, or width and height in millimetres such as 150x220.")]
    public string? PageSize { get; init; }

    [Description("How wide the margins are.")]
    public PageMargins? PageMargins { get; init; }

    [Description("The typeface of the text, by name.")]
    public string? BodyFont { get; init; }

    [Description("The typeface of titles and headings, by name.")]
    public string? HeadingFont { get; init; }

    [Description("Body type in points, 8 to 16.")]
    public double? BodyFontSize { get; init; }

    [Description("How large headings are beside the text.")]
    public HeadingScale? HeadingScale { get; init; }

    [Description("From one line to the next, in sizes of the type, 1 to 2.5.")]
    public double? LineHeight { get; init; }

    [Description("Space between paragraphs in points, 0 to 24; with 0 paragraphs are told apart by their indent.")]
    public double? ParagraphSpacing { get; init; }

    [Description("How lines of text are aligned.")]
    public TextAlignment? Alignment { get; init; }

    [Description("The colours of page and text.")]
    public ColourScheme? Colours { get; init; }

    [Description("The colour of titles, rules and ornaments, as #rrggbb.")]
    public string? AccentColour { get; init; }

    [Description("Whether a chapter's first letter is dropped, where script and sentence allow.")]
    public bool? DropCaps { get; init; }

    [Description("Whether the first words of a chapter and of a scene are in small capitals, where the script has them.")]
    public bool? SmallCapsLeadIn { get; init; }

    [Description("What stands between scenes, at most 12 characters; an empty text leaves white space.")]
    public string? SceneOrnament { get; init; }

    [Description("Whether words are divided at the ends of lines.")]
    public bool? Hyphenate { get; init; }

    [Description("Where chapters begin.")]
    public ChapterOpening? ChapterOpening { get; init; }

    [Description("What stands above a chapter's title.")]
    public ChapterLabel? ChapterLabel { get; init; }

    [Description("Whether running heads are set.")]
    public bool? RunningHeads { get; init; }

    [Description("Whether pages are numbered.")]
    public bool? Folios { get; init; }

    [Description("Whether the book has contents.")]
    public bool? IncludeContents { get; init; }

    [Description("Whether the book has a half-title and a title page.")]
    public bool? IncludeTitlePage { get; init; }

    [Description("Whether the PDF begins with a cover page.")]
    public bool? IncludeCover { get; init; }

    [Description("Where the section about the author stands.")]
    public AboutAuthorPosition? AboutAuthorPosition { get; init; }

    [Description("Whether the colophon tells with which models, prompts and pictures the book was made.")]
    public bool? ProvenanceNote { get; init; }

    [Description("What the PDF is for: a screen, or a printer's press.")]
    public PrintSettings? Print { get; init; }

    [Description("Plain text: characters a line, 40 to 120; 0 leaves paragraphs in one line.")]
    public int? TextWidth { get; init; }

    [Description("What title page, libraries and stores are told.")]
    public EditionSettings? Edition { get; init; }

    [Description("Sections before the chapters, in their order.")]
    public IReadOnlyList<MatterSettings>? FrontMatter { get; init; }

    [Description("Sections behind the chapters, in their order.")]
    public IReadOnlyList<MatterSettings>? BackMatter { get; init; }

    [Description("The book's parts, by the chapter with which each begins.")]
    public IReadOnlyList<PartSettings>? Parts { get; init; }
}

/// <summary>How a PDF for a press is made.</summary>
public sealed record PrintSettings(
    [property: Description("Millimetres by which pictures and colours reach beyond the trimmed page, 0 to 10.")] double Bleed = 0,
    [property: Description("Whether marks show where to cut.")] bool CropMarks = false,
    [property: Description("Whether the file is PDF/A-2 (ISO 19005-2) for archives instead of PDF/UA-1 (ISO 14289-1).")] bool Archive = false,
    [property: Description("The paper, for the cover's spine; without it no cover wrap is made.")] Paper? Paper = null);

/// <summary>What title page, libraries and stores are told of an edition.</summary>
public sealed record EditionSettings(
    [property: Description("The ISBN-13 of the printed book.")] string? PrintIsbn = null,
    [property: Description("The ISBN-13 of the EPUB.")] string? EbookIsbn = null,
    [property: Description("The publisher.")] string? Publisher = null,
    [property: Description("Such as Second edition.")] string? Edition = null,
    [property: Description("The line of copyright; year and author when absent.")] string? Copyright = null,
    [property: Description("What may be done with the book.")] string? Rights = null,
    [property: Description("What it is about, in words of a library or store.")] IReadOnlyList<string>? Subjects = null);

/// <summary>A section before or behind the chapters.</summary>
public sealed record MatterSettings(
    [property: Description("What it is.")] MatterKind Kind,
    [property: Description("The text, in Markdown.")] string Text,
    [property: Description("Its title; the kind's word in the book's language when absent.")] string? Title = null);

/// <summary>A part of the book.</summary>
public sealed record PartSettings(
    [property: Description("The number of the chapter before which it stands.")] int FirstChapter,
    [property: Description("Its title.")] string? Title = null);
