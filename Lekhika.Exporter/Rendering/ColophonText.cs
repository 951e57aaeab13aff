using Lekhika.Core.Manuscripts;

namespace Lekhika.Exporter.Rendering;

/// <summary>The colophon's paragraphs, in which the address of the manifest is a link.</summary>
internal static class ColophonText
{
    public static IReadOnlyList<Block> Of(Manuscript book) => [.. book.Colophon.Select(text => new Paragraph(Linked(text, book.Metadata.Provenance)))];

    private static IReadOnlyList<Inline> Linked(string text, string? address) =>
        address is not null && text.IndexOf(address, StringComparison.Ordinal) is >= 0 and var at
            ? [.. Plain(text[..at]), new Link([new Core.Manuscripts.Text(address)], address), .. Plain(text[(at + address.Length)..])]
            : [new Core.Manuscripts.Text(text)];

    private static IEnumerable<Inline> Plain(string text) => text.Length == 0 ? [] : [new Core.Manuscripts.Text(text)];
}
