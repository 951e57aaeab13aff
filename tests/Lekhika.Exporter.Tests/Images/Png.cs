using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Lekhika.Exporter.Tests.Images;

/// <summary>PNG files (ISO/IEC 15948) of eight bits a channel, whole ones and ones that are not.</summary>
internal static class Png
{
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>A picture that no two pixels of which are alike, as a photograph.</summary>
    public static byte[] Noise(int width, int height)
    {
        var random = new Random(7);
        return Of(width, height, 3, row => random.NextBytes(row));
    }

    /// <summary>A grid of lines, as a drawing.</summary>
    public static byte[] Drawing(int width, int height) => Of(width, height, 3, row =>
    {
        for (var at = 0; at < row.Length; at++)
        {
            row[at] = at / 3 % 16 == 0 ? (byte)0 : (byte)255;
        }
    });

    /// <summary>A picture through which the page is seen.</summary>
    public static byte[] Glass(int width, int height) => Of(width, height, 4, row => row.Fill(90));

    /// <summary>Pixels by rows, and chunks of text behind the header.</summary>
    public static byte[] Of(int width, int height, int channels, Action<Span<byte>> row, string? comment = null, (int Width, int Height)? said = null)
    {
        var file = new MemoryStream();
        file.Write(Signature);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, said?.Width ?? width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), said?.Height ?? height);
        (header[8], header[9]) = (8, channels == 3 ? (byte)2 : (byte)6);
        Chunk(file, "IHDR", header);
        if (comment is not null)
        {
            Chunk(file, "tEXt", Encoding.Latin1.GetBytes($"Comment\0{comment}"));
        }

        var pixels = new MemoryStream();
        using (var zip = new ZLibStream(pixels, CompressionLevel.Fastest, leaveOpen: true))
        {
            var line = new byte[1 + (width * channels)];
            for (var y = 0; y < height; y++)
            {
                row(line.AsSpan(1));
                zip.Write(line);
            }
        }

        Chunk(file, "IDAT", pixels.ToArray());
        Chunk(file, "IEND", []);
        return file.ToArray();
    }

    private static void Chunk(MemoryStream file, string type, byte[] data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        byte[] body = [.. Encoding.Latin1.GetBytes(type), .. data];
        file.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(body));
        file.Write(number);
    }

    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        return ~crc;
    }
}
