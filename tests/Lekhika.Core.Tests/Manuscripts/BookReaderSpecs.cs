using Lekhika.Core.Manuscripts;

namespace Lekhika.Core.Tests.Manuscripts;

public sealed class BookReaderSpecs
{
    [Fact]
    public void A_file_written_by_hand_is_a_book_of_its_headings()
    {
        var book = BookReader.Read("---\ntitle: The Clockmaker’s Daughter\nauthor: \"Aisling Brandt\"\nlang: en\nkeywords: [a, b]\n---\n\nA word before.\n\n# The Lamp {sic}\n\nText.\n\n## Scene\n\n# *Ebb* {.part}\n\n# {.chapter .untitled}\n\nMore.\n\n# Afterword {.afterword}\n\nThe end.\n");

        (book.Metadata.Title, book.Metadata.Author, book.Metadata.Language).ShouldBe(("The Clockmaker’s Daughter", "Aisling Brandt", "en"));
        book.FrontMatter.Select(matter => (matter.Kind, matter.Title)).ShouldBe([(MatterKind.Preface, "")]);
        book.Chapters.Select(chapter => (chapter.Number, chapter.Title, chapter.Version)).ShouldBe([(1, "The Lamp {sic}", 1), (2, "", 1)]);
        book.Chapters[0].Blocks.Count.ShouldBe(2);
        book.Parts.ShouldBe([new Part(1, "Ebb", 2)]);
        book.BackMatter.Select(matter => (matter.Kind, matter.Title)).ShouldBe([(MatterKind.Afterword, "Afterword")]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("---\n")]
    [InlineData("---\ntitle: [1\nidentifier: x\ndate: 7\nsubject: 3\n---\n# {.pictures}\n\n``` picture\nnull\n```\n\n``` picture\n{\"id\": 7}\n```")]
    public void A_file_of_nothing_is_a_book_of_nothing(string text)
    {
        var book = BookReader.Read(text);

        book.Chapters.ShouldBeEmpty();
        book.Images.ShouldBeEmpty();
        book.Metadata.Title.ShouldNotBeEmpty();
    }

    [Fact]
    public void What_stands_too_deep_is_told_in_a_sentence() =>
        Should.Throw<FormatException>(() => BookReader.Read(new string('>', 500) + " end")).Message.ShouldStartWith("Blocks of this text");
}
