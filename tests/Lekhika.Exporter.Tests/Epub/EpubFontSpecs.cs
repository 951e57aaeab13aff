using System.Text;
using AngleSharp.Dom;
using Lekhika.Core.Exports;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Epub.Fonts;
using Lekhika.Exporter.Tests.Renderers;

namespace Lekhika.Exporter.Tests.Epub;

/// <summary>Typefaces cut to a book's letters by the real child, and by children that do what a broken one would.</summary>
public sealed class EpubFontSpecs
{
    private static readonly ExportSettings Plain = new() { ChapterLabel = ChapterLabel.None, Hyphenate = false, SmallCapsLeadIn = false, SceneOrnament = "❦", BodyFont = "EB Garamond", HeadingFont = "Lato", IncludeCover = false };

    [Theory]
    [InlineData("en", "A “phrase” of Čapek’s", "trade-paperback", "EB Garamond")]
    [InlineData("hi", "शब्द, क्षत्रिय १९८६", "trade-paperback", "Noto Serif Devanagari")]
    [InlineData("ar", "كلمة (Orlo)", "nightwood", "Noto Naskh Arabic")]
    [InlineData("ja", "言葉「と」言葉", "kite", "Noto Serif JP")]
    public async Task Epubcheck_finds_nothing_in_a_book_with_the_typefaces_of_its_design_and_script(string language, string words, string theme, string first)
    {
        var book = WholeBook.Of();
        book = book with
        {
            Metadata = book.Metadata with { Language = language, Title = words },
            Chapters = [.. book.Chapters, new(4, words, [new Paragraph([new Core.Manuscripts.Text(words), new LanguageSpan([new Core.Manuscripts.Text("a phrase")], "en")])], 1)],
        };
        await using var workshop = new Workshop();
        using var epub = await RenderAsync(workshop, book, new() { Theme = theme, BodyFont = "EB Garamond" });

        epub.Warnings.ShouldNotContain(warning => warning.Contains("typeface"));
        epub.Style.ShouldContain($"font-family: \"{first}\", ");
        epub.Style.ShouldContain($"@font-face {{ font-family: \"{first}\"; font-weight: normal; font-style: normal; src: url(fonts/font-1.ttf) }}");
        epub.Check();
    }

    [Fact]
    public async Task Typefaces_have_the_characters_that_the_pages_show_with_the_rest_of_their_alphabets_and_no_others()
    {
        await using var workshop = new Workshop();
        using var epub = await RenderAsync(workshop, Books.Of(("One", "Plain *emphasis* and `§code§`."), ("Two", "Ω in the other.\n\n***\n\nÉnd.")), Plain);

        var shown = epub.Spine.SelectMany(id => epub.Page(id).Body!.Descendants<IText>())
            .Where(text => text.ParentElement!.Closest("code, [hidden]") is null)
            .SelectMany(text => text.Data.EnumerateRunes()).Append(new Rune('❦')).Select(rune => rune.Value).ToHashSet();
        const string Alphabets = "ABCDEFGHIJKLMNOPQRSTUVWXYZ !\"#$%&'()*+,-./0123456789:;<=>?@[\\]^_`{|}~abcdefghijklmnopqrstuvwxyz\u00A0–—‘’“”…"
            + "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ";
        Fonts(epub).SelectMany(font => font.Characters).Distinct().Order().ShouldBe(Alphabets.Select(letter => (int)letter).Union(shown).Order());
        Fonts(epub).ShouldAllBe(font => font.CheckSum == 0xB1B0AFBA);
        Characters(epub, "\"EB Garamond\"; font-weight: normal; font-style: italic").ShouldContain("a", Case.Sensitive);
        Characters(epub, "\"EB Garamond\"; font-weight: normal; font-style: italic").ShouldNotContain("Ω", Case.Sensitive);
        Characters(epub, "\"Lato\"; font-weight: normal; font-style: normal").ShouldNotContain("É", Case.Sensitive);
    }

    [Fact]
    public void A_typeface_has_all_of_an_alphabet_or_no_letter_that_calls_for_it_so_that_the_rest_of_one_calls_for_no_other()
    {
        var folder = Path.Combine(Workshop.ExporterFolder, "Pdf", "typesetter", "node_modules", "@expo-google-fonts");
        foreach (var family in BookFont.All.Select(font => font.Name).Append("Noto Serif").Append("Noto Sans"))
        {
            var file = Directory.GetFiles(Path.Combine(folder, family.ToLowerInvariant().Replace(' ', '-'), "400Regular"), "*.ttf").ShouldHaveSingleItem();
            var characters = new FontFile(File.ReadAllBytes(file)).Characters.ToHashSet();
            foreach (var (letters, all) in LetterGroups.Known.Where(group => group.All.Any(letter => !characters.Contains(letter))))
            {
                all.Where(letter => characters.Contains(letter) && letters.Contains(letter)).ShouldBeEmpty(family);
            }
        }
    }

    [Fact]
    public async Task Capitals_numbers_and_hyphens_that_the_style_sheet_makes_are_there_too()
    {
        await using var workshop = new Workshop();
        var book = Books.Of(("x", "čau\n\n7. seven"));
        using var plain = await RenderAsync(workshop, book, Plain);
        using var rich = await RenderAsync(workshop, book, Plain with { SmallCapsLeadIn = true, Hyphenate = true });

        const string Regular = "\"EB Garamond\"; font-weight: normal; font-style: normal";
        Characters(plain, Regular).ShouldContain("8", Case.Sensitive);
        Characters(plain, Regular).ShouldNotContain("Č", Case.Sensitive);
        Characters(plain, Regular).ShouldNotContain("\u2010", Case.Sensitive);
        Characters(rich, Regular).ShouldContain("Č", Case.Sensitive);
        Characters(rich, Regular).ShouldContain("\u2010", Case.Sensitive);
    }

    [Fact]
    public async Task A_cut_typeface_keeps_its_licence_and_not_the_reserved_name()
    {
        await using var workshop = new Workshop();
        using var epub = await RenderAsync(workshop, Books.Of(("One", "Text.")), Plain with { BodyFont = "Lato" });

        var font = Fonts(epub)[0];
        (font.Name(1), font.Name(4), font.Name(6)).ShouldBe(("Book Typeface", "Book Typeface", "BookTypeface"));
        font.Name(0).ShouldNotBeNull().ShouldContain("Reserved Font Name");
        font.Name(13).ShouldNotBeNull().ShouldContain("Open Font License");
    }

    [Fact]
    public async Task Same_book_gives_the_same_bytes_with_its_typefaces_cut_again()
    {
        await using var workshop = new Workshop();
        await using var other = new Workshop();
        using var first = await RenderAsync(workshop, WholeBook.Of(), Plain);
        using var again = await RenderAsync(workshop, WholeBook.Of(), Plain);
        using var elsewhere = await RenderAsync(other, WholeBook.Of(), Plain);

        Fonts(first).ShouldNotBeEmpty();
        again.Content.ShouldBe(first.Content);
        elsewhere.Content.ShouldBe(first.Content);
    }

    [Theory]
    [InlineData("nowhere", null)]
    [InlineData(null, "process.stdin.once('data', () => { for (;;) {} });")]
    [InlineData(null, "process.stdin.once('data', () => process.exit(3));")]
    [InlineData(null, "process.stdin.once('data', () => console.log('no JSON'));")]
    [InlineData(null, "process.stdin.once('data', () => console.log(JSON.stringify({ error: 'broken' })));")]
    public async Task A_book_is_made_without_its_typefaces_when_they_cannot_be_cut_and_a_warning_says_so(string? directory, string? script)
    {
        var fake = Directory.CreateTempSubdirectory("fake-cutter-");
        fake.CreateSubdirectory("node_modules/subset-font");
        await File.WriteAllTextAsync(Path.Combine(fake.FullName, "epub.mjs"), script);
        await using var workshop = new Workshop([("PictureDecoderDirectory", directory ?? fake.FullName), ("EpubChildTimeoutSeconds", script?.Contains("for") == true ? "0.5" : "20")]);
        using var epub = await RenderAsync(workshop, Books.OfEveryKind(), Plain);
        fake.Delete(recursive: true);

        epub.Warnings.ShouldHaveSingleItem().ShouldStartWith("The typefaces of the book's design are not in the EPUB");
        epub.Paths.ShouldNotContain(path => path.Contains("fonts/"));
        epub.Style.ShouldContain("font-family: \"EB Garamond\", Georgia, serif");
    }

    [Fact]
    public async Task A_typeface_that_would_be_too_much_is_left_out_and_named()
    {
        await using var workshop = new Workshop([("MostFontMiB", "0")]);
        using var epub = await RenderAsync(workshop, Books.Of(("One", "*Text*.")), Plain);

        epub.Warnings.ShouldContain("The typeface EB Garamond, italic is not in the EPUB: the book's typefaces may have 0 MB together. Readers show its letters in their own.");
        Fonts(epub).ShouldBeEmpty();
    }

    private static Task<EpubFile> RenderAsync(Workshop workshop, Manuscript book, ExportSettings settings) =>
        EpubFile.Of(workshop.Renderers.Single(renderer => renderer.Format == ExportFormat.Epub), Books.Order(book, settings));

    private static IReadOnlyList<FontFile> Fonts(EpubFile epub) => [.. epub.Paths.Where(path => path.Contains("/fonts/")).Select(path => new FontFile(epub.Bytes(path)))];

    /// <summary>The characters of the face of that rule, as one text.</summary>
    private static string Characters(EpubFile epub, string face)
    {
        var rule = epub.Style.Split('\n').Single(line => line.StartsWith($"@font-face {{ font-family: {face}", StringComparison.Ordinal));
        var path = rule.Split("url(")[1].Split(')')[0];
        return string.Concat(new FontFile(epub.Bytes($"EPUB/{path}")).Characters.Select(character => new Rune(character).ToString()));
    }
}
