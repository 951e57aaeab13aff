using Lekhika.Core.Assets;

namespace Lekhika.Core.Tests.Assets;

/// <summary>Type and size of an image by its bytes, as the formats' standards place them.</summary>
public sealed class ImageFactsSpecs
{
    // SOI, APP0 of 4 bytes, SOF2 with 768 lines of 512.
    private const string Jpeg = "FFD8" + "FFE00004AAAA" + "FFC2000B08" + "0300" + "0200" + "0111";

    [Theory]
    [InlineData("89504E470D0A1A0A0000000D49484452" + "00000400" + "00000600", "image/png", 1_024, 1_536)]
    [InlineData(Jpeg, "image/jpeg", 512, 768)]
    [InlineData("FFD8" + "FFFF" + "FFC4000400" + "00" + "FFD0" + "FFC0000B08" + "0010" + "0020" + "0111", "image/jpeg", 32, 16)]
    [InlineData("524946460000000057454250" + "56503820" + "00000000" + "000000" + "9D012A" + "0004" + "0043", "image/webp", 1_024, 768)]
    [InlineData("524946460000000057454250" + "5650384C" + "00000000" + "2F" + "FFC3BF00", "image/webp", 1_024, 768)]
    [InlineData("524946460000000057454250" + "56503858" + "0A000000" + "00000000" + "FF0300" + "FF0200", "image/webp", 1_024, 768)]
    public void An_image_s_bytes_say_what_it_is(string bytes, string type, int width, int height) =>
        ImageFacts.Read(Convert.FromHexString(bytes)).ShouldBe(new ImageFacts(type, width, height));

    [Theory]
    [InlineData("")]
    [InlineData("3C737667")] // <svg
    [InlineData("474946383961")] // GIF89a
    [InlineData("89504E470D0A1A0A0000000D49484452" + "00000000" + "00000600")]
    [InlineData("89504E470D0A1A0A0000000D49444154" + "00000400" + "00000600")]
    [InlineData("FFD8FFDA0002")]
    [InlineData("FFD8FFE0000200")]
    [InlineData("524946460000000057415645")] // a sound
    public void What_is_none_or_does_not_say_how_large_it_is_is_none(string bytes) => ImageFacts.Read(Convert.FromHexString(bytes)).ShouldBeNull();

    [Fact]
    public void No_beginning_of_an_image_is_read_beyond_its_end()
    {
        var image = Convert.FromHexString(Jpeg);
        for (var length = 0; length < image.Length; length++)
        {
            // Whatever it says, it does not throw.
            _ = ImageFacts.Read(image.AsSpan(0, length));
        }
    }

    [Fact]
    public void An_image_whose_pixels_would_fill_the_memory_is_not_usable()
    {
        new ImageFacts("image/png", 6_000, 6_000).IsUsable.ShouldBeTrue();
        new ImageFacts("image/png", 60_000, 60_000).IsUsable.ShouldBeFalse();
    }
}
