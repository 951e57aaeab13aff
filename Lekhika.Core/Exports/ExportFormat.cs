namespace Lekhika.Core.Exports;

/// <summary>A file format that a book can be had in: key, extension, media type and name belong together.</summary>
/// <param name="Key">How clients ask for it, e.g. <c>epub</c>.</param>
/// <param name="MediaType">By the IANA registry.</param>
/// <param name="Name">For people.</param>
/// <param name="UsesPages">True when it takes the PDF's true page numbers, so it waits for a PDF of the same order.</param>
public sealed record ExportFormat(string Key, string MediaType, string Name, bool UsesPages = false)
{
    /// <summary>Portable Document Format (ISO 32000).</summary>
    public static ExportFormat Pdf { get; } = new("pdf", "application/pdf", "PDF");

    /// <summary>Office Open XML word processing (ISO/IEC 29500).</summary>
    public static ExportFormat Docx { get; } = new("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word", UsesPages: true);

    /// <summary>EPUB 3 (W3C).</summary>
    public static ExportFormat Epub { get; } = new("epub", "application/epub+zip", "EPUB", UsesPages: true);

    /// <summary>One self-contained HTML page.</summary>
    public static ExportFormat Html { get; } = new("html", "text/html; charset=utf-8", "HTML");

    /// <summary>CommonMark (RFC 7763).</summary>
    public static ExportFormat Markdown { get; } = new("md", "text/markdown; charset=utf-8", "Markdown");

    /// <summary>Plain text in UTF-8.</summary>
    public static ExportFormat Txt { get; } = new("txt", "text/plain; charset=utf-8", "Plain text");

    /// <summary>The cover of a printed book in one piece (back, spine, front), for a press: no book, so it is made only when it is asked for.</summary>
    public static ExportFormat Cover { get; } = new("cover", "application/pdf", "Cover wrap", UsesPages: true) { Extension = "pdf" };

    /// <summary>Every format of a book, in the order in which they are made and shown: what is made when nothing is said.</summary>
    public static IReadOnlyList<ExportFormat> All { get; } = [Pdf, Docx, Epub, Html, Markdown, Txt];

    /// <summary>Every format that can be asked for, in that order.</summary>
    public static IReadOnlyList<ExportFormat> Known { get; } = [.. All, Cover];

    /// <summary>Of the file's name, without a dot.</summary>
    public string Extension { get; private init; } = Key;

    private static readonly Dictionary<string, ExportFormat> Spellings = new(StringComparer.OrdinalIgnoreCase)
    {
        ["pdf"] = Pdf,
        ["docx"] = Docx,
        ["epub"] = Epub,
        ["html"] = Html,
        ["md"] = Markdown,
        ["markdown"] = Markdown,
        ["txt"] = Txt,
        ["text"] = Txt,
        ["cover"] = Cover,
    };

    /// <summary>The format that a client's word stands for ("markdown" is md, "text" is txt), or null.</summary>
    public static ExportFormat? Find(string word) => Spellings.GetValueOrDefault(word.Trim());

    /// <summary>Whether a cover is asked for without the PDF whose pages make its spine.</summary>
    public static bool IsCoverAlone(IEnumerable<string> words)
    {
        var asked = words.Select(Find).ToHashSet();
        return asked.Contains(Cover) && !asked.Contains(Pdf);
    }

    /// <summary>What is told where <see cref="IsCoverAlone"/>.</summary>
    public const string CoverNeedsPdf = "A cover is made with a pdf in the same order, whose pages make its spine: ask for pdf too, and name the paper in settings.print.paper.";
}
