using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using Lekhika.Exporter.Tests.Renderers;

namespace Lekhika.Exporter.Tests.Pdf;

/// <summary>A picture of 8 bits a channel, of the PNGs that <c>pdftoppm</c> writes (no interlacing, no palette).</summary>
internal sealed class Pixels
{
    private readonly byte[] _bytes;
    private readonly int _channels;

    private Pixels(int width, int height, int channels, byte[] bytes) => (Width, Height, _channels, _bytes) = (width, height, channels, bytes);

    public int Width { get; }

    public int Height { get; }

    /// <summary>A page of a file (from 1) as a PNG file's bytes; <paramref name="kind"/> is <c>-png</c>, or <c>-gray</c> for one without colours.</summary>
    public static byte[] PngOf(PdfFile file, int page, int dotsPerInch, string kind = "-png")
    {
        var target = Path.GetTempFileName();
        var number = page.ToString(CultureInfo.InvariantCulture);
        Tool.Run("poppler-utils", "pdftoppm", "-png", kind, "-singlefile", "-r", dotsPerInch.ToString(CultureInfo.InvariantCulture), "-f", number, "-l", number, file.FilePath, target);
        var png = File.ReadAllBytes($"{target}.png");
        File.Delete(target);
        File.Delete($"{target}.png");
        return png;
    }

    /// <summary>Reads a PNG (ISO/IEC 15948).</summary>
    public static Pixels Read(ReadOnlySpan<byte> png)
    {
        var (width, height, channels) = (0, 0, 0);
        var packed = new MemoryStream();
        for (var at = 8; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png[at..]);
            var kind = System.Text.Encoding.ASCII.GetString(png.Slice(at + 4, 4));
            var data = png.Slice(at + 8, length);
            if (kind == "IHDR")
            {
                (width, height) = (BinaryPrimitives.ReadInt32BigEndian(data), BinaryPrimitives.ReadInt32BigEndian(data[4..]));
                channels = data[9] switch { 0 => 1, 2 => 3, _ => throw new NotSupportedException($"PNG of colour type {data[9]}") };
            }
            else if (kind == "IDAT")
            {
                packed.Write(data);
            }

            at += length + 12;
        }

        packed.Position = 0;
        using var rows = new ZLibStream(packed, CompressionMode.Decompress);
        return new(width, height, channels, Unfilter(rows, width * channels, height, channels));
    }

    /// <summary>Red, green and blue of a pixel, 0 to 255.</summary>
    public (int R, int G, int B) At(int x, int y)
    {
        var at = ((y * Width) + x) * _channels;
        return _channels == 1 ? (_bytes[at], _bytes[at], _bytes[at]) : (_bytes[at], _bytes[at + 1], _bytes[at + 2]);
    }

    /// <summary>How many pixels have a colour, that is channels that differ by more than 40.</summary>
    public int Coloured() => Enumerable.Range(0, Width * Height).Count(at =>
    {
        var (r, g, b) = At(at % Width, at / Width);
        return Math.Max(r, Math.Max(g, b)) - Math.Min(r, Math.Min(g, b)) > 40;
    });

    /// <summary>The largest difference of brightness between squares of <paramref name="side"/> pixels, 0 to 255; 255 for another size.</summary>
    public double Difference(Pixels other, int side)
    {
        if (Math.Abs(other.Width - Width) > 1 || Math.Abs(other.Height - Height) > 1)
        {
            return 255;
        }

        var most = 0.0;
        for (var top = 0; top + side <= Math.Min(Height, other.Height); top += side)
        {
            for (var left = 0; left + side <= Math.Min(Width, other.Width); left += side)
            {
                most = Math.Max(most, Math.Abs(Brightness(left, top, side) - other.Brightness(left, top, side)));
            }
        }

        return most;
    }

    private double Brightness(int left, int top, int side)
    {
        var sum = 0;
        for (var i = 0; i < side * side; i++)
        {
            var (r, g, b) = At(left + (i % side), top + (i / side));
            sum += r + g + b;
        }

        return sum / 3.0 / (side * side);
    }

    private static byte[] Unfilter(Stream rows, int stride, int height, int step)
    {
        var all = new byte[stride * height];
        for (var y = 0; y < height; y++)
        {
            var filter = rows.ReadByte();
            var row = all.AsSpan(y * stride, stride);
            rows.ReadExactly(row);
            for (var x = 0; x < stride; x++)
            {
                var a = x < step ? 0 : row[x - step];
                var b = y == 0 ? 0 : all[((y - 1) * stride) + x];
                var c = x < step || y == 0 ? 0 : all[((y - 1) * stride) + x - step];
                row[x] += (byte)(filter switch { 0 => 0, 1 => a, 2 => b, 3 => (a + b) / 2, _ => Paeth(a, b, c) });
            }
        }

        return all;
    }

    private static int Paeth(int a, int b, int c)
    {
        var p = a + b - c;
        var (pa, pb, pc) = (Math.Abs(p - a), Math.Abs(p - b), Math.Abs(p - c));
        return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
    }
}
