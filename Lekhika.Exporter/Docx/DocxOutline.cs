using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Docx.Flow;
using Lekhika.Exporter.Rendering;

namespace Lekhika.Exporter.Docx;

/// <summary>A place that the contents name.</summary>
/// <param name="Id">From 1, of its bookmark.</param>
/// <param name="Label">What stands above its title; may be empty.</param>
/// <param name="Title">May be empty where there is a label.</param>
/// <param name="Folio">Its page in the PDF; null: not known.</param>
internal sealed record DocxEntry(int Id, string Label, string Title, string? Folio)
{
    /// <summary>As Word names its own.</summary>
    public string Bookmark => $"_Toc{Id:D9}";

    /// <summary>As Word itself makes it of the heading, whose line break becomes a space.</summary>
    public string Text => $"{Label} {Title}".Trim();

    /// <summary>What a running head shows of it.</summary>
    public string Running => Title.Length > 0 ? Title : Label;
}

/// <summary>All that the contents name, in reading order.</summary>
internal sealed class DocxOutline
{
    private readonly Dictionary<object, DocxEntry> _entries = new(ReferenceEqualityComparer.Instance);
    private readonly BookWording _wording;

    /// <param name="pages">The PDF's pages.</param>
    public DocxOutline(DocxContext context, PageMap? pages)
    {
        var (book, design) = (context.Book, context.Design);
        _wording = context.Wording;
        var folios = pages?.ChapterFolios.Count == book.Chapters.Count ? pages.ChapterFolios : null;
        Add(book.FrontMatter, pages?.Front);
        foreach (var (chapter, i) in book.Chapters.Select((chapter, i) => (chapter, i)))
        {
            foreach (var (part, j) in book.Parts.Select((part, j) => (part, j)).Where(known => known.part.FirstChapter == chapter.Number))
            {
                Add(part, _wording.Label(part, book.Parts.Count), part.Title, PageMap.At(pages?.Parts, j));
            }

            var label = _wording.Label(chapter, design.ChapterLabel);
            Add(chapter, label.Length == 0 && chapter.Title.Length == 0 ? _wording.Label(chapter) : label, chapter.Title, folios is null ? null : $"{folios[i]}");
        }

        Add(book.BackMatter, pages?.Back);
    }

    public IReadOnlyList<DocxEntry> Entries => [.. _entries.Values.OrderBy(entry => entry.Id)];

    /// <summary>Where all of it stands is known.</summary>
    public bool KnowsPages => _entries.Values.All(entry => entry.Folio is not null);

    /// <summary>The entry of a chapter, a part or a section; null for what has no heading.</summary>
    public DocxEntry? Of(object opening) => _entries.GetValueOrDefault(opening);

    private void Add(IReadOnlyList<Matter> sections, IReadOnlyList<string?>? folios)
    {
        foreach (var (section, i) in sections.Select((section, i) => (section, i)).Where(known => !BookWording.IsQuiet(known.section)))
        {
            Add(section, "", _wording.Title(section), PageMap.At(folios, i));
        }
    }

    private void Add(object opening, string label, string title, string? folio) => _entries.Add(opening, new(_entries.Count + 1, label, title, folio));
}
