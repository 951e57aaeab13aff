using Lekhika.Core.Manuscripts;

namespace Lekhika.Exporter.Tests.Renderers;

/// <summary>A manuscript that has every part a book can have, and in its first chapter every kind of block and inline.</summary>
internal static class WholeBook
{
    /// <summary>The id of the only picture (120 by 80 pixels: a sun over the sea).</summary>
    public const string Picture = "sun";

    /// <summary>The address of the manifest of its making.</summary>
    public const string Manifest =
        "https://books.example.org/v1/executions/019aa5c2-0000-7000-8000-000000000002/provenance?sha256=55e3362e4fc29f57aca7b313818fe426e106a913e87ada5535c02532573b73b1";

    private const string Png =
        "iVBORw0KGgoAAAANSUhEUgAAAHgAAABQCAMAAADlRUG7AAAACVBMVEXW4uvrqjwoRm7isplpAAAArklEQVR42u3XQQ7DQAgEQTf/f3TOUWQtIDazlqcfMHWF63LOObc1vtOof7K5T+XulFmlcvfI5FK54zJoZNDIIJJVMGhkEMkqGDQyiOTXwSCSXwe"
        + "DSDZs2LBhw4bPg32BnH/t+a5+0O+061uMdQ14PZqBY4Obg2PePR2OcTcLx7SbhmPYzcMx6xbgFJ0fq8Ax6NbgBV1aKsIx5ZbhO7u80oB/7c5EDx7IsGHDhtt9AMDQHWZ1PQ/HAAAAAElFTkSuQmCC";

    public static Manuscript Of() => new(
        Books.Metadata with
        {
            Publisher = "Salt & Lamp",
            PrintIsbn = "978-3-16-148410-0",
            EbookIsbn = "9780306406157",
            Edition = "Second edition",
            Copyright = "© 2026 Aisling Brandt",
            Rights = "All rights reserved.",
            Subjects = ["Clocks", "Sea stories"],
            Provenance = Manifest,
        },
        [
            new(1, "Every Kind", [.. Prose(), .. Apart(), .. Boxes()], Version: 2)
            {
                Subtitle = "In which all is shown", Byline = "Tomas Reyne", Epigraph = [Of("Time is a river."), Of("— Ansel")],
            },
            new(2, "The Other Chapter", [Of("Short.", new Footnote([Of("A note of the second chapter.")]))], Version: 1),
            new(3, "", [Of("A chapter without a title.")], Version: 1),
        ],
        ["This book was made by the offline author, a demonstration program.", $"The record of how this book was made: {Manifest}"])
    {
        FrontMatter = [new(MatterKind.Dedication, "", [Of("For the ", Em("keeper"))]), new(MatterKind.Foreword, "Before the Tide", [Of("A word before.")])],
        BackMatter = [new(MatterKind.Afterword, "", [Of("A word behind.")]), new(MatterKind.AboutTheAuthor, "", [Of("She lives by the sea.")])],
        Parts = [new(1, "Ebb", 1), new(2, "", 3)],
        Images = new Dictionary<string, BookImage> { [Picture] = new("image/png", 120, 80, Convert.FromBase64String(Png), "Drawn by hand.") },
        CoverImage = Picture,
    };

    /// <summary>The book with no other front matter than a dedication of that title.</summary>
    public static Manuscript Dedicated(string title) => Of() with { FrontMatter = [new(MatterKind.Dedication, title, [Of("To the keeper.")])] };

    private static IEnumerable<Block> Prose() =>
    [
        Of("It was late, with ", Em("emphasis"), T(", "), new Strong([T("strong words")]), T(", "), new SmallCaps([T("small capitals")]), T(", the 2"), new Superscript([T("nd")]), T(" "), new CodeSpan("code"),
            T(", "), new Link([T("a link")], "https://example.org/a?b=1&c=2"), T(", "), new LanguageSpan([T("le mot juste")], "fr"), T(", "), new LanguageSpan([T("שלום עולם")], "he"),
            T(", a note"), new Footnote([Of("The first ", Em("note"), T("."))]), T(", and"), new LineBreak(), T("a broken line.")),
        Of("The second paragraph is indented.", new Footnote([Of("The second note."), new ItemList(false, 1, [[Of("with a list")]])])),
        new SceneBreak(),
        Of("After a break of scene."),
        new Heading(2, [T("A heading")]),
        new ItemList(false, 1, [[Of("one")], [Of("two"), new ItemList(true, 1, [[Of("nested one")], [Of("nested two")]])]]),
        new ItemList(true, 7, [[Of("seven")], [Of("eight"), Of("with a second paragraph")]]),
        new CodeBlock("python", "if a < b and b > c:\n    print(\"to the letter & no further\")"),
        new Table(
            [ColumnAlignment.Start, ColumnAlignment.Centre, ColumnAlignment.End],
            [[T("Name")], [T("Age")], [T("Note")]],
            [[[T("Ada")], [T("36")], [T("a | b")]], [[T("Kai")], [T("7")], [Em("small")]]]),
    ];

    private static IEnumerable<Block> Apart() =>
    [
        new BlockQuotation([Of("A quotation of one paragraph."), Of("And another.")]),
        new Verse([[new(0, [T("The tide goes out,")]), new(2, [T("the tide comes "), Em("in")])], [new(0, [T("and nobody counts the hours.")])]]),
        new Letter([Of("Dear Ines,"), Of("the lamp is out."), Of("Your father")]),
        new Figure(Picture, "The sun over the sea", [T("The sun, "), Em("drawn"), T(" by hand")]),
        new Figure("lost", "A map of the salt coast", []),
    ];

    private static IEnumerable<Block> Boxes() =>
    [
        .. Enum.GetValues<CalloutKind>().Select(kind => new Callout(kind, [], [Of($"{kind} that is read.")])),
        new Callout(CalloutKind.Tip, [T("With a "), Em("title")], [Of("Wind the clock."), new ItemList(false, 1, [[Of("every day")]])]),
        new Exercise([T("Your turn")], [Of("Draw the tower.")]),
        new Exercise([], [Of("Then draw it again.")]),
        Of("The end."),
    ];

    private static Paragraph Of(string text, params IEnumerable<Inline> rest) => new([T(text), .. rest]);

    private static Core.Manuscripts.Text T(string text) => new(text);

    private static Emphasis Em(string text) => new([T(text)]);
}
