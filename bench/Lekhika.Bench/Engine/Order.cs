using System.Text.Json;

namespace Lekhika.Bench.Engine;

/// <summary>What is submitted.</summary>
internal static class Order
{
    /// <summary>The key of the shipped book engine.</summary>
    public const string BookEngine = "book";

    /// <summary>The measured book, as a request's body.</summary>
    public static byte[] Book { get; } = BookOf(BookSchedule.Chapters);

    /// <summary>A book of so many chapters, with about the words that the simulated model's text has.</summary>
    public static byte[] BookOf(int chapters) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        userInput = new { book_title = "The Measured Road", genre = "fantasy", chapter_count = chapters, word_count = 1_600 * chapters, output_formats = "txt" },
    });
}
