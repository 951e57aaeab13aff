using System.Globalization;
using System.Text;
using Lekhika.Core.Exports;

namespace Lekhika.Core.Tests.Exports;

public sealed class FileNameSpecs
{
    [Theory]
    [InlineData("The Clockmaker's Daughter", "The-Clockmakers-Daughter.pdf")]
    [InlineData("The Clockmaker’s Daughter", "The-Clockmakers-Daughter.pdf")]
    [InlineData("जादुई घड़ी", "जादुई-घड़ी.pdf")]
    [InlineData("時計職人の娘", "時計職人の娘.pdf")]
    [InlineData("ساعة العجائب", "ساعة-العجائب.pdf")]
    [InlineData("می‌خواهم", "میخواهم.pdf")]
    [InlineData("../../etc/passwd", "etc-passwd.pdf")]
    [InlineData("C:\\dir\\a.b", "C-dir-a-b.pdf")]
    [InlineData("...", "Book.pdf")]
    [InlineData("", "Book.pdf")]
    [InlineData("🔥🔥", "Book.pdf")]
    [InlineData("❤️", "Book.pdf")]
    [InlineData("I ❤️ Paris", "I-Paris.pdf")]
    [InlineData("\u0301", "Book.pdf")]
    [InlineData("a\u202Eb\u200Fc", "abc.pdf")]
    [InlineData("a\0b\nc", "a-b-c.pdf")]
    [InlineData("--a--b--", "a-b.pdf")]
    [InlineData("-rf", "rf.pdf")]
    [InlineData("𝐁old", "𝐁old.pdf")]
    public void A_title_becomes_a_name(string title, string name) => FileName.Of(title, ExportFormat.Pdf).ShouldBe(name);

    [Theory]
    [InlineData("ספר השעונים 🕰️ כרך 2", "ספר-השעונים-כרך-2.pdf")]
    [InlineData("👩‍🚀 in Space", "in-Space.pdf")]
    [InlineData("كتاب\u202B 1", "كتاب-1.pdf")]
    [InlineData("Book_2", "Book-2.pdf")]
    public void Titles_from_right_to_left_and_with_pictures_too(string title, string name) => FileName.Of(title, ExportFormat.Pdf).ShouldBe(name);

    [Theory]
    [InlineData("The Clockmaker's Daughter", 2, "The-Clockmakers-Daughter_2.epub")]
    [InlineData("", 12, "Book_12.epub")]
    [InlineData("Con", 3, "Book-Con_3.epub")]
    public void Later_orders_have_their_number(string title, int order, string name) => FileName.Of(title, ExportFormat.Epub, order).ShouldBe(name);

    [Fact]
    public void A_cover_is_a_PDF_with_a_name_of_its_own()
    {
        FileName.Of("Salt", ExportFormat.Cover).ShouldBe("Salt_cover.pdf");
        FileName.Of("Salt", ExportFormat.Cover, 2).ShouldBe("Salt_2_cover.pdf");
    }

    [Fact]
    public void A_long_name_of_a_late_order_still_fits_into_255_bytes() =>
        Encoding.UTF8.GetByteCount(FileName.Of(new string('時', 300), ExportFormat.Docx, int.MaxValue)).ShouldBeLessThanOrEqualTo(140);

    [Theory]
    [InlineData("The-Clockmakers-Daughter_2.pdf", "The-Clockmakers-Daughter_2.pdf")]
    [InlineData("Salz-Kärtchen.pdf", "Salz-Kartchen.pdf")]
    [InlineData("Çon.pdf", "Book-Con.pdf")]
    [InlineData("जादुई-घड़ी_2.epub", "Book_2.epub")]
    [InlineData("ספר-a.epub", "Book.epub")]
    [InlineData("", "Book")]
    [InlineData(".hidden", "Book.hidden")]
    public void A_name_has_a_form_in_ASCII(string name, string ascii) => FileName.InAscii(name).ShouldBe(ascii);

    [Theory]
    [InlineData("Con")]
    [InlineData("nul")]
    [InlineData("AUX")]
    [InlineData("prn")]
    [InlineData("COM1")]
    [InlineData("lpt9")]
    [InlineData("con?")]
    public void A_name_that_Windows_keeps_for_itself_is_not_used(string title)
    {
        var name = FileName.Of(title, ExportFormat.Txt);

        name.Split('.')[0].Equals(title.TrimEnd('?'), StringComparison.OrdinalIgnoreCase).ShouldBeFalse();
        name.ShouldContain(title.TrimEnd('?'));
    }

    [Fact]
    public void A_lone_half_of_a_character_is_left_out() => FileName.Of("a\ud83db", ExportFormat.Txt).ShouldMatch("^a-?b\\.txt$");

    [Theory]
    [InlineData("a")]
    [InlineData("é")]
    [InlineData("क्षि")]
    [InlineData("時")]
    [InlineData("𝐁")]
    [InlineData("a\u0301\u0302\u0303")]
    public void A_long_title_is_cut_between_characters_as_readers_see_them(string character)
    {
        for (var lead = 0; lead < 8; lead++)
        {
            var title = new string('x', lead) + string.Concat(Enumerable.Repeat(character, 200));
            var stem = FileName.Of(title, ExportFormat.Pdf)[..^4];

            Encoding.UTF8.GetByteCount(stem).ShouldBeLessThanOrEqualTo(120);
            Encoding.UTF8.GetByteCount(stem).ShouldBeGreaterThan(100);
            var normal = title.Normalize(NormalizationForm.FormC);
            normal.ShouldStartWith(stem);
            StringInfo.ParseCombiningCharacters(normal).ShouldContain(stem.Length);
        }
    }

    [Fact]
    public void Any_title_gives_a_name_that_every_file_system_takes()
    {
        var random = new Random(3);
        for (var round = 0; round < 5_000; round++)
        {
            var title = new string([.. Enumerable.Range(0, random.Next(300)).Select(_ => (char)(random.Next(3) == 0 ? random.Next(0x10000) : random.Next(0x80)))]);

            var name = FileName.Of(title, ExportFormat.Epub);

            name.ShouldEndWith(".epub");
            var stem = name[..^5];
            stem.Length.ShouldBeGreaterThan(0);
            Encoding.UTF8.GetByteCount(stem).ShouldBeLessThanOrEqualTo(120);
            stem.IndexOfAny([.. "\\/:*?\"<>|. \0"]).ShouldBe(-1);
            stem.ShouldNotStartWith("-");
            stem.ShouldNotEndWith("-");
            stem.Any(c => char.IsControl(c) || CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.Format).ShouldBeFalse();
        }
    }
}
