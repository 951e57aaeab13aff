using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Tests.Renderers;

namespace Lekhika.Exporter.Tests.Pdf;

/// <summary>Books that show what a page can hold, for specs of the PDF's design.</summary>
internal static class Sampler
{
    /// <summary>A red rectangle of 60 by 40 pixels as PNG.</summary>
    public static byte[] Png { get; } = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAADwAAAAoCAIAAAAt2Q6oAAAAO0lEQVR42u3OQQkAAAgEsMvi0/RGNIUPYbAAy3S9E2lpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlp6UsLL7w7CGScOyEAAAAASUVORK5CYII=");

    /// <summary>A novel with parts, every kind of section, and a chapter that has every kind of block and inline.</summary>
    public static Manuscript Whole()
    {
        var novel = Novel.Of(4, 4_000);
        var every = Books.OfEveryKind().Chapters[0];
        IReadOnlyList<Block> blocks =
        [
            .. novel.Chapters[0].Blocks.Take(3),
            P(T("A note is called"), new Footnote([P(T("The note’s own words, on the line of its number.")), P(T("And a second paragraph of the note."))]), T(" here, the 2"), new Superscript([T("nd")]), T(" of May, by "), new SmallCaps([T("Nato")]), T(", who said "), new LanguageSpan([T("Guten Morgen")], "de"), T(".")),
            new Verse([[new(0, [T("The clock ran backwards in the tower,")]), new(1, [T("the sea went out, the sea came in,")]), new(0, [T("and nobody would name the hour")]), new(1, [T("in which it was to begin.")])], [new(0, [T("A second stanza, with a line that is so long that it has to turn over at the end of the measure,")]), new(2, [T("set in.")])]]),
            P(T("After the verse the text goes on.")),
            new Letter([P(T("Dear Ines,")), P(T("The lamp is out, and I am gone. Do not look for me on the island.")), P(T("Tomas"))]),
            new Figure("map", "A red map of the coast.", [T("The coast, as the keeper drew it.")]),
            new Figure("lost", "A picture that nobody has.", []),
            new Callout(CalloutKind.Tip, [], [P(T("Wind the clock before the tide turns."))]),
            new Callout(CalloutKind.Warning, [T("Of the stairs")], [P(T("The seventh stair is loose."))]),
            new Exercise([T("Tell the time")], [P(T("Read the clock in a mirror, and write down what it says."))]),
            .. every.Blocks,
        ];
        return novel with
        {
            Metadata = novel.Metadata with { Publisher = "Salt Coast Press", PrintIsbn = "978-3-16-148410-0", EbookIsbn = "978-0-306-40615-7", Edition = "Second edition", Rights = "All rights reserved." },
            FrontMatter =
            [
                new(MatterKind.Dedication, "", [P(T("For everyone who winds a clock."))]),
                new(MatterKind.Epigraph, "", [P(T("Time is the sea’s own ledger.")), P(T("Captain Orlo"))]),
                new(MatterKind.Foreword, "", novel.Chapters[3].Blocks.Take(6).ToList()),
            ],
            Parts = [new(1, "The Tower", 1), new(2, "", 3)],
            Chapters =
            [
                novel.Chapters[0] with { Subtitle = "In which the clock stops", Byline = "Aisling Brandt", Epigraph = [P(T("Nobody has wound it for thirty years."))] },
                novel.Chapters[1] with { Title = "Every Kind", Blocks = blocks },
                .. novel.Chapters.Skip(2),
            ],
            BackMatter = [new(MatterKind.AboutTheAuthor, "", [P(T("Aisling Brandt lives by the sea."))])],
            Images = new Dictionary<string, BookImage> { ["map"] = new("image/png", 60, 40, Png) },
        };
    }

    /// <summary>A chapter of one language, with a title and a paragraph long enough to fill lines.</summary>
    public static Manuscript Of(string language, string title, string text) => Books.Of((title, string.Join("\n\n", Enumerable.Repeat(string.Join(' ', Enumerable.Repeat(text, 5)), 6)))) with
    {
        Metadata = Books.Metadata with { Title = title, Language = language, Subtitle = null, Author = "Aisling Brandt" },
    };

    public static Paragraph P(params Inline[] content) => new(content);

    public static Core.Manuscripts.Text T(string text) => new(text);
}
