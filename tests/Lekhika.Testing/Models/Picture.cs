using System.Buffers.Binary;
using System.Text.Json;

namespace Lekhika.Testing.Models;

/// <summary>The beginning of a picture, which says what it is and how large, and the answers of a model for images that have one.</summary>
public static class Picture
{
    /// <summary>A PNG's signature and header; another mark makes other bytes.</summary>
    public static byte[] Png(int width, int height, byte mark = 0)
    {
        byte[] png = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, (byte)'I', (byte)'H', (byte)'D', (byte)'R', 0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0, mark];
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
        return png;
    }

    /// <summary>An answer of OpenAI's images endpoint.</summary>
    public static CompletionAnswer Answer(byte[] image) => new(JsonSerializer.Serialize(new { data = new[] { new { b64_json = Convert.ToBase64String(image) } } }));
}
