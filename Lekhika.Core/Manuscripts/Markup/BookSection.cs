using System.Globalization;

namespace Lekhika.Core.Manuscripts.Markup;

/// <summary>A section of a book's file: a heading, what its attributes say, and the text below it.</summary>
internal sealed record BookSection(string Title, Attributes Attributes, string Text)
{
    private static readonly Attributes OfChapter = new([BookFile.Chapter], new Dictionary<string, string>());

    /// <param name="heading">The heading's line with its mark.</param>
    public static BookSection Of(string heading, string text)
    {
        var words = heading.TrimStart('#').Trim();
        var brace = words.LastIndexOf('{');
        var attributes = brace >= 0 ? Attributes.Read(words.AsSpan(brace), out var length) is { } read && brace + length == words.Length && read.Classes.Any(IsKnown) ? read : null : null;
        if (attributes is not null)
        {
            words = words[..brace].TrimEnd();
        }

        attributes ??= OfChapter;
        var title = attributes.Classes.Contains(BookFile.Untitled) ? "" : PlainLine(words);
        return new(title, attributes, text);
    }

    public bool Is(string name) => Attributes.Classes.Contains(name);

    public int? Number(string key) => int.TryParse(Attributes.Value(key), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static bool IsKnown(string name) => name is BookFile.Chapter or BookFile.Part or BookFile.Colophon or BookFile.Pictures || BookFile.Kind(name) is not null;

    private static string PlainLine(string words) => MarkdownReader.Read("# " + words) is [Heading heading] ? PlainText.Of(heading.Content) : words;
}

/// <summary>Makes a manuscript of sections in their order.</summary>
internal sealed class ManuscriptBuilder(BookFileMetadata metadata)
{
    private readonly List<Chapter> _chapters = [];
    private readonly List<Matter> _front = [];
    private readonly List<Matter> _back = [];
    private readonly List<Part> _parts = [];
    private readonly List<string> _colophon = [];
    private readonly Dictionary<string, BookImage> _images = [];

    public void Add(BookSection section)
    {
        if (section.Attributes.Classes.Select(BookFile.Kind).FirstOrDefault(kind => kind is not null) is { } matter)
        {
            var isBack = section.Is(BookFile.BackMatter) || (!section.Is(BookFile.FrontMatter) && _chapters.Count > 0);
            (isBack ? _back : _front).Add(new(matter, section.Title, MarkdownReader.Read(section.Text)));
        }
        else if (section.Is(BookFile.Part))
        {
            _parts.Add(new(section.Number("number") ?? (_parts.Count + 1), section.Title, section.Number("first") ?? (_chapters.Count + 1)));
        }
        else if (section.Is(BookFile.Colophon))
        {
            _colophon.AddRange(MarkdownReader.Read(section.Text).Select(block => block is Paragraph paragraph ? PlainText.Of(paragraph.Content) : "").Where(line => line.Length > 0));
        }
        else if (section.Is(BookFile.Pictures))
        {
            AddPictures(MarkdownReader.Read(section.Text));
        }
        else
        {
            _chapters.Add(MarkdownReader.ReadChapter(section.Number("number") ?? (_chapters.Count + 1), section.Title, section.Text, section.Number("version") ?? 1));
        }
    }

    public Manuscript Build() => new(metadata.ToMetadata(), _chapters, _colophon)
    {
        FrontMatter = _front,
        BackMatter = _back,
        Parts = _parts,
        Images = _images,
        CoverImage = metadata.CoverImage,
    };

    private void AddPictures(IEnumerable<Block> blocks)
    {
        foreach (var code in blocks.OfType<CodeBlock>().Where(code => code.Language == BookFile.Picture))
        {
            if (MetadataBlock.Picture(code.Value) is var (line, content))
            {
                _images.TryAdd(line.Id, new(line.MediaType, line.Width, line.Height, content, line.Source));
            }
        }
    }
}
