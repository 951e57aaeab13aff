using Lekhika.Core.Exports;

namespace Lekhika.Core.Tests.Exports;

public sealed class IsbnAndPageSizeSpecs
{
    [Theory]
    [InlineData("9780306406157", true)]
    [InlineData("978-0-306-40615-7", true)]
    [InlineData("979 10 90636 07 1", true)]
    [InlineData("9780306406158", false)]
    [InlineData("978030640615", false)]
    [InlineData("97803064061570", false)]
    [InlineData("9770306406158", false)]
    [InlineData("0306406152", false)]
    [InlineData("978030640615X", false)]
    [InlineData("９７８０３０６４０６１５７", false)]
    [InlineData("", false)]
    public void An_isbn_has_thirteen_digits_of_which_the_last_is_right(string isbn, bool isGood) => Isbn.IsGood(isbn).ShouldBe(isGood);

    [Theory]
    [InlineData("a4", "A4", 210, 297)]
    [InlineData(" Letter ", "Letter", 215.9, 279.4)]
    [InlineData("Square", "8.5x8.5", 215.9, 215.9)]
    [InlineData("150x220", "150x220", 150, 220)]
    [InlineData("90X330", "90x330", 90, 330)]
    [InlineData("170.5x240", "170.5x240", 170.5, 240)]
    public void A_page_size_is_found_by_its_name_or_its_millimetres(string words, string name, double width, double height) =>
        PageSize.Find(words).ShouldBe(new PageSize(name, width, height));

    [Theory]
    [InlineData("")]
    [InlineData("A99")]
    [InlineData("150")]
    [InlineData("150x")]
    [InlineData("150x220x3")]
    [InlineData("-150x220")]
    [InlineData("1e2x220")]
    [InlineData("NaNx220")]
    [InlineData("89.9x220")]
    [InlineData("150x330.1")]
    [InlineData("150,5x220")]
    public void Any_other_is_none(string words) => PageSize.Find(words).ShouldBeNull();
}
