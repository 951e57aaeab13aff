using System.Buffers.Binary;

namespace Lekhika.Core.Assets;

/// <summary>What the bytes of an image say of it; nobody's word but theirs is believed.</summary>
/// <param name="MediaType">image/png, image/jpeg or image/webp.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
public sealed record ImageFacts(string MediaType, int Width, int Height)
{
    /// <summary>Most bytes of an image.</summary>
    public const int MostBytes = 20 * 1024 * 1024;

    /// <summary>Most pixels of an image: whoever decodes it needs four bytes for each.</summary>
    public const int MostPixels = 40_000_000;

    /// <summary>Whether it is small enough to be decoded by those who make files of it.</summary>
    public bool IsUsable => Width > 0 && Height > 0 && (long)Width * Height <= MostPixels;

    /// <summary>Null when the bytes are no PNG, JPEG or WebP, or end before they say how large it is.</summary>
    public static ImageFacts? Read(ReadOnlySpan<byte> image) => image switch
    {
        // PNG (ISO/IEC 15948): the signature, then the chunk IHDR.
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, _, _, _, _, (byte)'I', (byte)'H', (byte)'D', (byte)'R', .. { Length: >= 8 } size] =>
            Of("image/png", BinaryPrimitives.ReadUInt32BigEndian(size), BinaryPrimitives.ReadUInt32BigEndian(size[4..])),
        [0xFF, 0xD8, 0xFF, ..] => Jpeg(image),
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', .. var chunk] => WebP(chunk),
        _ => null,
    };

    private static ImageFacts? Of(string mediaType, uint width, uint height) =>
        width is > 0 and <= int.MaxValue && height is > 0 and <= int.MaxValue ? new ImageFacts(mediaType, (int)width, (int)height) : null;

    /// <summary>The first start of a frame (ITU-T T.81, B.2.2): SOF0 to SOF15 without DHT, JPG and DAC.</summary>
    private static ImageFacts? Jpeg(ReadOnlySpan<byte> image)
    {
        for (var at = 2; at + 9 < image.Length;)
        {
            if (image[at] != 0xFF)
            {
                return null;
            }

            var marker = image[at + 1];
            if (marker is 0xFF)
            {
                // Fill bytes.
                at++;
            }
            else if (marker is 0x01 or (>= 0xD0 and <= 0xD7))
            {
                at += 2;
            }
            else if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                return Of("image/jpeg", BinaryPrimitives.ReadUInt16BigEndian(image[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(image[(at + 5)..]));
            }
            else
            {
                at += 2 + BinaryPrimitives.ReadUInt16BigEndian(image[(at + 2)..]);
            }
        }

        return null;
    }

    /// <summary>Lossy, lossless or extended (RFC 9649, section 2).</summary>
    private static ImageFacts? WebP(ReadOnlySpan<byte> chunk) => chunk switch
    {
        [(byte)'V', (byte)'P', (byte)'8', (byte)' ', _, _, _, _, _, _, _, 0x9D, 0x01, 0x2A, .. { Length: >= 4 } size] =>
            Of("image/webp", (uint)(BinaryPrimitives.ReadUInt16LittleEndian(size) & 0x3FFF), (uint)(BinaryPrimitives.ReadUInt16LittleEndian(size[2..]) & 0x3FFF)),
        [(byte)'V', (byte)'P', (byte)'8', (byte)'L', _, _, _, _, 0x2F, .. { Length: >= 4 } bits] when BinaryPrimitives.ReadUInt32LittleEndian(bits) is var packed =>
            Of("image/webp", (packed & 0x3FFF) + 1, ((packed >> 14) & 0x3FFF) + 1),
        [(byte)'V', (byte)'P', (byte)'8', (byte)'X', _, _, _, _, _, _, _, _, .. { Length: >= 6 } size] =>
            Of("image/webp", (uint)(size[0] | (size[1] << 8) | (size[2] << 16)) + 1, (uint)(size[3] | (size[4] << 8) | (size[5] << 16)) + 1),
        _ => null,
    };
}
