using System.Diagnostics;
using System.Text;
using Lekhika.Core.Assets;
using Lekhika.Core.Exports;
using Lekhika.Exporter.Images;
using Lekhika.Exporter.Pdf;
using Lekhika.Exporter.Tests.Renderers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Lekhika.Exporter.Tests.Images;

/// <summary>Pictures through the real decoder, and through children that do what a broken one would.</summary>
public sealed class PictureDecoderSpecs
{
    private static readonly PictureBox Page = new(400, 600, Fills: false);

    [Fact]
    public async Task A_photograph_becomes_a_JPEG_that_fits_into_its_box()
    {
        await using var decoder = Decoder();

        var picture = await decoder.DecodeAsync(Png.Noise(1_000, 1_000), Page, CancellationToken.None);

        (picture.MediaType, picture.Width, picture.Height).ShouldBe(("image/jpeg", 400, 400));
        ImageFacts.Read(picture.Content.Span).ShouldBe(new ImageFacts("image/jpeg", 400, 400));
    }

    [Fact]
    public async Task A_cover_fills_its_box_and_nothing_is_made_larger()
    {
        await using var decoder = Decoder();

        var cover = await decoder.DecodeAsync(Png.Noise(1_000, 1_000), Page with { Fills = true }, CancellationToken.None);
        var small = await decoder.DecodeAsync(Png.Drawing(64, 32), Page, CancellationToken.None);

        (cover.Width, cover.Height).ShouldBe((600, 600));
        (small.MediaType, small.Width, small.Height).ShouldBe(("image/png", 64, 32));
    }

    [Fact]
    public async Task What_is_transparent_stays_so()
    {
        await using var decoder = Decoder();

        (await decoder.DecodeAsync(Png.Glass(100, 100), Page, CancellationToken.None)).MediaType.ShouldBe("image/png");
    }

    [Fact]
    public async Task Nothing_but_the_pixels_comes_out()
    {
        await using var decoder = Decoder();
        var told = Png.Of(80, 80, 3, row => row.Fill(80), comment: "Taken at 48.8584 N");
        Encoding.Latin1.GetString(told).ShouldContain("48.8584");

        var picture = await decoder.DecodeAsync(told, Page, CancellationToken.None);

        Encoding.Latin1.GetString(picture.Content.Span).ShouldNotContain("48.8584");
    }

    [Fact]
    public async Task Hostile_pictures_are_refused_and_the_next_one_is_decoded_by_the_same_child()
    {
        await using var decoder = Decoder();
        await decoder.DecodeAsync(Png.Drawing(16, 16), Page, CancellationToken.None);
        var child = decoder.ChildId;
        var whole = Png.Noise(200, 200);

        (await RefusesAsync(decoder, "<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>"u8.ToArray())).ShouldBe("it is no PNG, JPEG or WebP");
        (await RefusesAsync(decoder, [.. "GIF89a"u8, .. new byte[100]])).ShouldBe("it is no PNG, JPEG or WebP");
        (await RefusesAsync(decoder, Png.Of(10, 10, 3, row => row.Clear(), said: (30_000, 30_000)))).ShouldBe("it has more than 40 million pixels");
        (await RefusesAsync(decoder, new byte[ImageFacts.MostBytes + 1])).ShouldBe("it has more than 20 MB");
        (await RefusesAsync(decoder, whole[..(whole.Length / 2)])).ShouldBe("its bytes are damaged");
        (await RefusesAsync(decoder, [.. whole[..60], .. new byte[4_000], .. whole[4_060..]])).ShouldBe("its bytes are damaged");
        // An SVG behind the header of a PNG: the header's word is not what decides what reads it.
        (await RefusesAsync(decoder, [.. whole[..33], .. "<svg xmlns='http://www.w3.org/2000/svg'/>"u8])).ShouldBe("its bytes are damaged");

        (await decoder.DecodeAsync(whole, Page, CancellationToken.None)).Width.ShouldBe(200);
        decoder.ChildId.ShouldBe(child);
    }

    [Fact]
    public async Task A_decoder_that_hangs_is_killed_at_the_limit()
    {
        using var fake = new FakeDecoder("process.stdin.once('data', () => { for (;;) {} });");
        await using var decoder = Decoder(fake, options => options.PictureTimeoutSeconds = 0.5);

        (await RefusesAsync(decoder, Png.Drawing(16, 16))).ShouldBe("it was not decoded within 0.5 seconds");

        decoder.ChildId.ShouldBeNull();
    }

    [Theory]
    [InlineData("process.stdin.once('data', () => process.exit(3));")]
    [InlineData("process.stdin.once('data', () => { const all = []; for (;;) all.push(new Float64Array(2 ** 24)); });")]
    public async Task A_decoder_that_dies_fails_its_picture_and_is_replaced(string script)
    {
        using var fake = new FakeDecoder(script);
        await using var decoder = Decoder(fake, options => options.PictureAddressSpaceMiB = 1_536);

        (await RefusesAsync(decoder, Png.Drawing(16, 16))).ShouldBe("the decoder stopped over it");

        decoder.ChildId.ShouldBeNull();
    }

    [Fact]
    public async Task A_decoder_that_grew_past_its_limit_is_replaced_and_one_ends_with_its_exporter()
    {
        var decoder = Decoder(configure: options => options.PictureRecycleMiB = 1);
        await decoder.DecodeAsync(Png.Drawing(16, 16), Page, CancellationToken.None);
        decoder.ChildId.ShouldBeNull();
        await decoder.DisposeAsync();

        var other = Decoder();
        await other.DecodeAsync(Png.Drawing(16, 16), Page, CancellationToken.None);
        using var child = Process.GetProcessById(other.ChildId!.Value);
        await other.DisposeAsync();
        child.HasExited.ShouldBeTrue();
    }

    [Fact]
    public async Task Missing_packages_fail_pictures_and_the_operator_is_told_what_to_do()
    {
        await using var decoder = Decoder(configure: options => options.PictureDecoderDirectory = "nowhere");

        var error = await Should.ThrowAsync<PictureException>(() => decoder.DecodeAsync(Png.Drawing(16, 16), Page, CancellationToken.None));

        error.Message.ShouldNotContain("/");
        error.ForOperator.ShouldNotBeNull().ShouldContain("npm ci");
    }

    [Fact]
    public void A_picture_has_the_pixels_that_its_page_needs_at_300_an_inch()
    {
        var design = BookDesign.Of(new ExportSettings { PageSize = "6x9", Print = new PrintSettings(Bleed: 3.175) });

        PicturePreparation.Box(design, isCover: true).ShouldBe(new PictureBox(1_875, 2_775, Fills: true));
    }

    private static async Task<string> RefusesAsync(PictureDecoder decoder, byte[] picture) =>
        (await Should.ThrowAsync<PictureException>(() => decoder.DecodeAsync(picture, Page, CancellationToken.None))).Message;

    private static PictureDecoder Decoder(FakeDecoder? fake = null, Action<PictureOptions>? configure = null)
    {
        var options = new PictureOptions();
        if (fake is not null)
        {
            options.PictureDecoderDirectory = fake.Directory;
        }

        configure?.Invoke(options);
        var environment = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = Workshop.ExporterFolder }).Environment;
        return new(Options.Create(options), Options.Create(new TypesetterOptions()), environment, TimeProvider.System, NullLogger<PictureDecoder>.Instance);
    }

    /// <summary>A decoder's folder with a script of the test's own, and packages that look installed.</summary>
    private sealed class FakeDecoder : IDisposable
    {
        private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("fake-decoder-");

        public FakeDecoder(string script)
        {
            _folder.CreateSubdirectory("node_modules/sharp");
            File.WriteAllText(Path.Combine(_folder.FullName, "index.mjs"), script);
        }

        public string Directory => _folder.FullName;

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
