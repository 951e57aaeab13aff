using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;

namespace Lekhika.Core.Tests.Exports;

public sealed class BookMatterSpecs
{
    private static readonly MatterSettings Bio = new(MatterKind.AboutTheAuthor, "Asha Rao *lives* in Pune.");

    [Theory]
    [InlineData("front", "Preface AboutTheAuthor", "Glossary")]
    [InlineData("back", "Preface", "Glossary AboutTheAuthor")]
    [InlineData("none", "Preface", "Glossary")]
    public void The_section_about_the_author_stands_where_the_settings_say(string position, string front, string back)
    {
        var settings = Json.Read<ExportSettings>($$"""{"aboutAuthorPosition": "{{position}}"}""") with
        {
            FrontMatter = [new(MatterKind.Preface, "Why.")],
            BackMatter = [Bio, new(MatterKind.Glossary, "Salt: NaCl.")],
        };

        var book = BookMatter.Apply(Book(), settings);

        Kinds(book.FrontMatter).ShouldBe(front);
        Kinds(book.BackMatter).ShouldBe(back);
    }

    [Fact]
    public void Sections_are_read_as_Markdown_and_the_chapters_stay_as_they_are()
    {
        var book = Book();

        var bound = BookMatter.Apply(book, new() { BackMatter = [Bio with { Title = "The Author" }] });

        bound.BackMatter.ShouldHaveSingleItem().Title.ShouldBe("The Author");
        bound.BackMatter[0].Blocks.ShouldHaveSingleItem().ShouldBeOfType<Paragraph>().Content.ShouldContain(inline => inline is Emphasis);
        bound.Chapters.ShouldBeSameAs(book.Chapters);
        BookMatter.Apply(book, new()).BackMatter.ShouldBeEmpty();
    }

    [Fact]
    public void Parts_are_counted_and_those_behind_the_last_chapter_left_out()
    {
        var book = BookMatter.Apply(Book(), new() { Parts = [new(1, "Sea"), new(3), new(4, "Never")] });

        book.Parts.ShouldBe([new Part(1, "Sea", 1), new Part(2, "", 3)]);
    }

    [Fact]
    public void An_edition_is_in_the_metadata()
    {
        var book = BookMatter.Apply(Book(), new() { Edition = new("978-0-306-40615-7", "9780306406157", "Salt Press", "Second edition", "© 2026 A. Rao", "CC BY 4.0", ["Sea"]) });

        var m = book.Metadata;
        (m.PrintIsbn, m.EbookIsbn, m.Publisher, m.Edition, m.Copyright, m.Rights, m.Subjects.Single())
            .ShouldBe(("978-0-306-40615-7", "9780306406157", "Salt Press", "Second edition", "© 2026 A. Rao", "CC BY 4.0", "Sea"));
    }

    private static Manuscript Book() => new(
        new(Guid.Empty, "Salt", null, "Asha Rao", "en", null, "offline-author", DateTimeOffset.UnixEpoch), [.. Enumerable.Range(1, 3).Select(number => new Chapter(number, "", [], 1))], []);

    private static string Kinds(IEnumerable<Matter> sections) => string.Join(' ', sections.Select(section => section.Kind));
}
