using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;

namespace Lekhika.Exporter.Tests.Renderers;

/// <summary>Manuscripts for the renderers' tests.</summary>
internal static class Books
{
    public static BookMetadata Metadata { get; } = new(
        new Guid("5b0f3c1e-8a43-4f0a-9c55-0d6d3a6f7e11"),
        "The Clockmaker’s Daughter",
        "A Tale of the Salt Coast",
        "Aisling Brandt",
        "en",
        "A girl, a tower and a clock that runs backwards.",
        "offline-author",
        new DateTimeOffset(2026, 11, 21, 8, 30, 0, TimeSpan.Zero));

    /// <summary>A book of chapters given as title and Markdown.</summary>
    public static Manuscript Of(params IEnumerable<(string Title, string Markdown)> chapters) => new(
        Metadata,
        [.. chapters.Select((chapter, i) => new Chapter(i + 1, chapter.Title, MarkdownReader.Read(chapter.Markdown), Version: 1))],
        ["This book was made by the offline author, a demonstration program.", "It was set from one manuscript."]);

    /// <summary>One chapter that has every kind of block and inline.</summary>
    public static Manuscript OfEveryKind() => Of(("Every Kind", """
        The first paragraph, with *emphasis*, **strong words**, ***both***, `code`, and [a link](https://example.org/a?b=1&c=2).
        It goes on in the same paragraph, and\
        breaks its line here.

        The second paragraph is indented.

        ***

        After a break of scene.

        ## A heading

        > A quotation of one paragraph.
        >
        > And another.

        - one
        - two
          1. nested one
          2. nested two
        - three

        7. seven
        8. eight

           with a second paragraph

        ```python
        if a < b and b > c:
            print("to the letter & no further")
        ```

        | Name | Age | Note |
        |------|:---:|-----:|
        | Ada  | 36  | a \| b |
        | Kai  | 7   | *small* |

        The end.
        """), ("The Other Chapter", "Short."));

    /// <summary>An order with the settings' defaults.</summary>
    public static RenderOrder Order(Manuscript manuscript, ExportSettings? settings = null, PageMap? pages = null) =>
        new(manuscript, settings ?? new ExportSettings(), pages);
}
