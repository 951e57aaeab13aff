using Lekhika.Core.Exports.Provenance;
using Lekhika.Exporter.Jobs;
using Lekhika.Exporter.Rendering;

namespace Lekhika.Exporter.Tests.Provenance;

public sealed class ProvenanceNoteSpecs
{
    private const string Run = "019aa5c2-0000-7000-8000-000000000002";

    private static readonly ProvenanceManifest Made = new(
        new ManifestBook(new Guid("019aa5c8-0000-7000-8000-000000000009"), new Guid(Run), 1, "The Map", null, "A", "en", 4, DateTime.UnixEpoch, Guid.Empty, null),
        "Software wrote it.",
        "x",
        [new ManifestModel("mine:canvas-1", "openai", [], []), new ManifestModel("mine:gpt-5-mini", "openai", [], [])],
        new ManifestPrompts(new Dictionary<string, int> { ["chapter"] = 2 }, new Dictionary<string, string>()),
        [],
        new ManifestPeople([2, 5], 3, 4, 1),
        [new ManifestPicture(Guid.Empty, "cover", "00", "mine:canvas-1", "A lamp", "Yours.")]);

    public static TheoryData<string> Languages => [.. BookWording.Languages];

    [Fact]
    public void A_note_says_it_all_in_a_few_sentences_and_the_hash_can_break()
    {
        var text = Made.Text();

        ProvenanceNote.Of(Made, text, address: null).ShouldBe(
        [
            "Software that worked on the text: mine:gpt-5-mini.",
            "Software that made the pictures: mine:canvas-1.",
            "Prompts that it was given: chapter, version 2.",
            "Chapters edited by people: 2, 5.",
            "Changes that people asked for: 3.",
            $"The record of how this book was made is kept with run {Run} under the SHA-256 {text.Hash[..16]} {text.Hash[16..32]} {text.Hash[32..48]} {text.Hash[48..]}.",
        ]);
    }

    [Fact]
    public void A_book_that_software_alone_has_made_says_so()
    {
        var alone = Made with { Prompts = new(new Dictionary<string, int>(), new Dictionary<string, string>()), People = new([], 0, 0, 0), Pictures = [] };

        ProvenanceNote.Of(alone, alone.Text(), "https://books.example.org/x").ShouldBe(
        [
            "Software that worked on the text: mine:canvas-1; mine:gpt-5-mini.",
            "Prompts that it was given: the product’s own.",
            "No chapter was edited by a person.",
            "The record of how this book was made: https://books.example.org/x",
        ]);
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Every_language_tells_all_of_it_in_its_own_words(string language)
    {
        var book = Made with { Book = Made.Book with { Language = language } };
        var text = book.Text();

        var note = ProvenanceNote.Of(book, text, address: null);

        string[] facts = ["mine:gpt-5-mini", "mine:canvas-1", "chapter", "2, 5", "3", Run];
        note.Count.ShouldBe(facts.Length);
        note.Zip(facts).ShouldAllBe(pair => pair.First.Contains(pair.Second, StringComparison.Ordinal));
        note[2].ShouldContain("2");
        note[^1].ShouldContain(text.Hash[^16..]);
        note.ShouldAllBe(paragraph => !paragraph.Contains('{', StringComparison.Ordinal));
        if (language != "en")
        {
            note.Intersect(ProvenanceNote.Of(Made, text, address: null)).ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData("de-AT", "Kein Kapitel wurde von einem Menschen bearbeitet.")]
    [InlineData("hi", "किसी अध्याय का संपादन किसी व्यक्ति ने नहीं किया।")]
    [InlineData("zh-TW", "沒有章節經人編輯。")]
    [InlineData("nl", "No chapter was edited by a person.")]
    public void It_is_in_the_books_language_where_we_have_it(string language, string sentence)
    {
        var book = Made with { Book = Made.Book with { Language = language }, People = new ManifestPeople([], 0, 0, 0) };

        ProvenanceNote.Of(book, book.Text(), address: null).ShouldContain(sentence);
    }
}
