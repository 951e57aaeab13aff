using Lekhika.Core.Manuscripts;

namespace Lekhika.Core.Exports.Pictures;

/// <summary>Where the pictures of a run stand in its book. What the text names stands where it is named; the others find their place here.</summary>
public static class PicturePlaces
{
    /// <summary>Paragraphs that a reader gets before a picture: the first keeps its initial and its small capitals, the second shows that the text goes on.</summary>
    private const int ParagraphsBefore = 2;

    /// <summary>
    /// The manuscript with figures for illustrations that no text names, and the name of its cover. An illustration of element N of a list stands in chapter N; one for the whole book in the first.
    /// The newest cover counts.
    /// </summary>
    public static PlacedPictures Place(Manuscript manuscript, IReadOnlyList<RunPicture> pictures)
    {
        var byId = pictures.ToDictionary(picture => picture.Id);
        var named = Texts(manuscript).SelectMany(Figures).Select(figure => RunPicture.IdOf(figure.Image)).OfType<Guid>().ToHashSet();
        var cover = pictures.Where(picture => picture is { IsCover: true, IsNewest: true }).OrderBy(picture => picture.CreatedAt).ThenBy(picture => picture.Id).LastOrDefault();
        var loose = pictures.Where(picture => picture is { IsCover: false, IsNewest: true } && !named.Contains(picture.Id)).OrderBy(picture => picture.NodeId, StringComparer.Ordinal).ThenBy(picture => picture.Item).ToList();
        var placed = loose.Where(picture => picture.Item <= manuscript.Chapters.Count && manuscript.Chapters.Count > 0).ToLookup(picture => Math.Max(picture.Item, 1));

        return new(
            manuscript with
            {
                Chapters = [.. manuscript.Chapters.Select(chapter => placed.Contains(chapter.Number) ? chapter with { Blocks = With(chapter.Blocks, placed[chapter.Number]) } : chapter)],
                CoverImage = cover?.Key,
            },
            [.. named.Where(byId.ContainsKey).Select(id => byId[id]).Concat(placed.SelectMany(group => group)).Append(cover).OfType<RunPicture>().DistinctBy(picture => picture.Id).OrderBy(picture => picture.Id)],
            loose.Count - placed.Sum(group => group.Count()));
    }

    private static List<Block> With(IReadOnlyList<Block> blocks, IEnumerable<RunPicture> pictures)
    {
        var before = blocks.TakeWhile(block => block is Paragraph).Take(ParagraphsBefore).Count();
        return [.. blocks.Take(before), .. pictures.Select(picture => new Figure(picture.Key, picture.Alternative, [])), .. blocks.Skip(before)];
    }

    private static IEnumerable<IReadOnlyList<Block>> Texts(Manuscript manuscript) =>
        manuscript.Chapters.SelectMany(IEnumerable<IReadOnlyList<Block>> (chapter) => [chapter.Epigraph, chapter.Blocks])
            .Concat(manuscript.FrontMatter.Concat(manuscript.BackMatter).Select(matter => matter.Blocks));

    private static IEnumerable<Figure> Figures(IReadOnlyList<Block> blocks) => blocks.SelectMany(IEnumerable<Figure> (block) => block switch
    {
        Figure figure => InNotes(figure.Caption).Prepend(figure),
        Paragraph paragraph => InNotes(paragraph.Content),
        Heading heading => InNotes(heading.Content),
        BlockQuotation quotation => Figures(quotation.Content),
        ItemList list => list.Items.SelectMany(Figures),
        Table table => table.Rows.Prepend(table.Header).SelectMany(row => row.SelectMany(InNotes)),
        Verse verse => verse.Stanzas.SelectMany(stanza => stanza.SelectMany(line => InNotes(line.Content))),
        Letter letter => Figures(letter.Content),
        Callout callout => InNotes(callout.Title).Concat(Figures(callout.Content)),
        Exercise exercise => InNotes(exercise.Title).Concat(Figures(exercise.Content)),
        _ => [],
    });

    private static IEnumerable<Figure> InNotes(IReadOnlyList<Inline> inlines) => inlines.SelectMany(IEnumerable<Figure> (inline) => inline switch
    {
        Footnote note => Figures(note.Content),
        Emphasis emphasis => InNotes(emphasis.Content),
        Strong strong => InNotes(strong.Content),
        SmallCaps caps => InNotes(caps.Content),
        Superscript raised => InNotes(raised.Content),
        Link link => InNotes(link.Content),
        LanguageSpan words => InNotes(words.Content),
        _ => [],
    });
}

/// <summary>A manuscript in which its pictures have their places.</summary>
/// <param name="Manuscript">Without the bytes.</param>
/// <param name="Pictures">Those that it names, by id.</param>
/// <param name="Unplaced">Illustrations of chapters that the book does not have.</param>
public sealed record PlacedPictures(Manuscript Manuscript, IReadOnlyList<RunPicture> Pictures, int Unplaced);
