namespace Lekhika.Exporter.Epub.Fonts;

/// <summary>A typeface's file for the book to carry along.</summary>
/// <param name="Family">As the style sheet names it.</param>
/// <param name="MediaType"><c>font/ttf</c>, <c>font/otf</c>, <c>font/woff</c> or <c>font/woff2</c>.</param>
internal sealed record EpubFont(string Family, bool IsBold, bool IsItalic, string MediaType, ReadOnlyMemory<byte> Content);

/// <summary>The typefaces that a book carries along.</summary>
/// <param name="Body">Their families in the order in which the text's letters are looked for.</param>
/// <param name="Headings">The same for titles.</param>
/// <param name="Warnings">What is to be told of those that are left out.</param>
internal sealed record EpubTypefaces(IReadOnlyList<EpubFont> Fonts, IReadOnlyList<string> Body, IReadOnlyList<string> Headings, IReadOnlyList<string> Warnings)
{
    public static EpubTypefaces None { get; } = new([], [], [], []);

    public static EpubTypefaces Without(string warning) => None with { Warnings = [warning] };
}
