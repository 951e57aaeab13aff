using Lekhika.Core.Manuscripts.Markup;
using Markdig.Syntax;

namespace Lekhika.Core.Manuscripts;

/// <summary>
/// Reads a whole book from one Markdown file, as <see cref="BookFile"/> tells: what the Markdown export wrote gives the same manuscript.
/// Of other files every level-1 heading begins a chapter, and what stands before the first is a preface.
/// </summary>
public static class BookReader
{
    /// <summary>The manuscript of a file's text.</summary>
    /// <exception cref="FormatException">Blocks stand more than 128 deep in each other.</exception>
    public static Manuscript Read(string text)
    {
        text = text.ReplaceLineEndings("\n");
        var metadata = MetadataBlock.Read(text, out var rest);
        var builder = new ManuscriptBuilder(metadata);
        foreach (var section in Sections(rest))
        {
            builder.Add(section);
        }

        return builder.Build();
    }

    private static IEnumerable<BookSection> Sections(string text)
    {
        MarkdownSource source;
        try
        {
            source = MarkdownSource.Parse(text, _ => []);
        }
        catch (ArgumentException exception)
        {
            throw new FormatException("Blocks of this text stand too deep in each other to be a book.", exception);
        }

        var heads = source.Document.OfType<HeadingBlock>().Where(heading => heading is { Level: 1, IsSetext: false }).Select(heading => heading.Span).ToList();
        var preamble = source.Text[..(heads.Count == 0 ? source.Text.Length : heads[0].Start)];
        if (source.Document.FirstOrDefault() is FencedDiv { Head.Kind: BookFile.TitlePage } made)
        {
            preamble = preamble[Math.Min(made.Span.End + 1, preamble.Length)..];
        }

        return heads
            .Select((head, i) => BookSection.Of(source.Text.Substring(head.Start, head.Length), source.Text[(head.End + 1)..(i + 1 < heads.Count ? heads[i + 1].Start : source.Text.Length)]))
            .Prepend(new("", new([BookFile.FrontMatter, BookFile.Class(MatterKind.Preface)], new Dictionary<string, string>()), preamble))
            .Skip(string.IsNullOrWhiteSpace(preamble) ? 1 : 0);
    }
}
