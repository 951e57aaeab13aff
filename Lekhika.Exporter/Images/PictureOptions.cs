using System.ComponentModel.DataAnnotations;

namespace Lekhika.Exporter.Images;

/// <summary>What pictures may use: section <c>Exporter</c>.</summary>
internal sealed class PictureOptions
{
    public const string Section = "Exporter";

    /// <summary>The folder with the decoder's index.mjs and node_modules, absolute or below the content root.</summary>
    [Required]
    public string PictureDecoderDirectory { get; set; } = Path.Combine("Images", "decoder");

    /// <summary>How long one picture may take, in seconds. Default 30.</summary>
    [Range(0.1, 600)]
    public double PictureTimeoutSeconds { get; set; } = 30;

    /// <summary>The decoder's address space in MiB; it dies when it wants more. Default 3072: Node alone maps about 1,200.</summary>
    [Range(1536, 1_048_576)]
    public int PictureAddressSpaceMiB { get; set; } = 3072;

    /// <summary>Resident memory in MiB after a picture above which the decoder is replaced by a fresh one. Default 512.</summary>
    [Range(1, 1_048_576)]
    public int PictureRecycleMiB { get; set; } = 512;

    /// <summary>Most pictures of one book. Default 300.</summary>
    [Range(0, 10_000)]
    public int MostPictures { get; set; } = 300;

    /// <summary>Most MiB that the pictures of one book have together, encoded anew. Default 200.</summary>
    [Range(1, 2_000)]
    public int MostPictureMiB { get; set; } = 200;

    /// <summary>MiB of encoded pictures that are kept for the next format of a book. Default 64; 0 keeps none.</summary>
    [Range(0, 10_000)]
    public int PictureCacheMiB { get; set; } = 64;
}
