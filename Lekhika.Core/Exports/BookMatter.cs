using Lekhika.Core.Manuscripts;

namespace Lekhika.Core.Exports;

/// <summary>What settings add to a written book: sections, parts, and what an edition is called.</summary>
public static class BookMatter
{
    /// <summary>The manuscript with the sections and parts that settings give it, its words untouched. Parts that begin behind the last chapter are left out.</summary>
    public static Manuscript Apply(Manuscript manuscript, ExportSettings settings)
    {
        var edition = settings.Edition ?? new();
        var position = BookDesign.Of(settings).AboutAuthorPosition;
        var front = Read(settings.FrontMatter);
        var back = Read(settings.BackMatter);
        List<Matter> about = [.. front.Concat(back).Where(IsAboutAuthor)];
        front.RemoveAll(IsAboutAuthor);
        back.RemoveAll(IsAboutAuthor);
        (position switch { AboutAuthorPosition.Front => front, AboutAuthorPosition.Back => back, _ => [] }).AddRange(about);
        return manuscript with
        {
            Metadata = manuscript.Metadata with
            {
                PrintIsbn = edition.PrintIsbn,
                EbookIsbn = edition.EbookIsbn,
                Publisher = edition.Publisher,
                Edition = edition.Edition,
                Copyright = edition.Copyright,
                Rights = edition.Rights,
                Subjects = edition.Subjects ?? [],
            },
            FrontMatter = front,
            BackMatter = back,
            Parts = [.. (settings.Parts ?? []).Where(part => part.FirstChapter <= manuscript.Chapters.Count).Select((part, at) => new Part(at + 1, part.Title ?? "", part.FirstChapter))],
        };
    }

    private static List<Matter> Read(IReadOnlyList<MatterSettings>? sections) =>
        [.. (sections ?? []).Select(section => new Matter(section.Kind, section.Title ?? "", MarkdownReader.Read(section.Text)))];

    private static bool IsAboutAuthor(Matter matter) => matter.Kind == MatterKind.AboutTheAuthor;
}
