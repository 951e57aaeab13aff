using Lekhika.Core.Manuscripts;

namespace Lekhika.Exporter.Rendering;

/// <summary>Finds a book's pictures for formats that take what every reader shows: PNG and JPEG.</summary>
internal static class BookPicture
{
    /// <summary>The picture of that id; null when there is none, or none that is what it says: then its alternative text stands for it.</summary>
    public static BookImage? Find(Manuscript book, string? id) =>
        id is not null && book.Images.TryGetValue(id, out var image) && image is { Width: > 0, Height: > 0 } && IsWhatItSays(image) ? image : null;

    /// <summary>What people are told of so many pictures that are not in the file; empty when none is missing.</summary>
    public static IReadOnlyList<string> Warnings(int lost) => lost == 0 ? [] : [$"{(lost == 1 ? "A picture" : $"{lost} pictures")} could not be shown (only PNG and JPEG can be, and only when they are there); words stand in place of each."];

    /// <summary>By the file's first bytes (PNG 5.2, JPEG B.1.1.3). WebP is not for Word before 2021, nor for EPUB before 3.3.</summary>
    private static bool IsWhatItSays(BookImage image) => image.MediaType switch
    {
        "image/png" => image.Content.Span.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]),
        "image/jpeg" => image.Content.Span.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]),
        _ => false,
    };
}
