using Lekhika.Core.Exports.Provenance;

namespace Lekhika.Core.Tests.Exports;

public sealed class ProvenanceNoteSpecs
{
    private static readonly ProvenanceManifest Made = new(
        new ManifestBook(new Guid("019aa5c8-0000-7000-8000-000000000009"), new Guid("019aa5c2-0000-7000-8000-000000000002"), 1, "The Map", null, "A", "en", 4, DateTime.UnixEpoch, Guid.Empty, null),
        "Software wrote it.",
        "x",
        [new ManifestModel("mine:canvas-1", "openai", [], []), new ManifestModel("mine:gpt-5-mini", "openai", [], [])],
        new ManifestPrompts(new Dictionary<string, int> { ["chapter"] = 2 }, new Dictionary<string, string>()),
        [],
        new ManifestPeople([2, 5], 3, 4, 1),
        [new ManifestPicture(Guid.Empty, "cover", "00", "mine:canvas-1", "A lamp", "Yours.")]);

    [Fact]
    public void A_note_says_it_all_in_a_few_sentences_and_the_hash_can_break()
    {
        var text = Made.Text();

        ProvenanceNote.Of(Made, text).ShouldBe(
        [
            "Text: mine:gpt-5-mini.",
            "Pictures: mine:canvas-1.",
            "Prompts: chapter, version 2.",
            "Edited by people: chapters 2, 5.",
            "People said 3 times what should be different.",
            $"The manifest of its making is kept with run 019aa5c2-0000-7000-8000-000000000002 under the SHA-256 {text.Hash[..16]} {text.Hash[16..32]} {text.Hash[32..48]} {text.Hash[48..]}.",
        ]);
    }

    [Theory]
    [InlineData("de-AT", "Kein Kapitel wurde von einem Menschen bearbeitet.")]
    [InlineData("fr", "Aucun chapitre n’a été modifié par une personne.")]
    [InlineData("hi", "No chapter was edited by a person.")]
    public void It_is_in_the_books_language_where_we_have_it(string language, string sentence)
    {
        var book = Made with { Book = Made.Book with { Language = language }, People = new ManifestPeople([], 0, 0, 0) };

        ProvenanceNote.Of(book, book.Text()).ShouldContain(sentence);
    }

    [Fact]
    public void The_order_of_what_has_none_does_not_change_the_hash()
    {
        var one = Made with { Prompts = new ManifestPrompts(new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 }, new Dictionary<string, string>()) };
        var other = Made with { Prompts = new ManifestPrompts(new Dictionary<string, int> { ["b"] = 2, ["a"] = 1 }, new Dictionary<string, string>()) };

        other.Text().Hash.ShouldBe(one.Text().Hash);
        one.Text().Hash.ShouldNotBe(Made.Text().Hash);
    }
}
