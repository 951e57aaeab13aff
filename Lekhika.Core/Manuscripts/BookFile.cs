using System.Text.Json;

namespace Lekhika.Core.Manuscripts;

/// <summary>
/// The names in a whole book as one Markdown file (ADR 20): a block of metadata, then sections. Each section is a level-1 heading
/// with attributes that say what it is. What writes the file and what reads it share these.
/// </summary>
public static class BookFile
{
    public const string Chapter = "chapter";
    public const string Part = "part";
    public const string Colophon = "colophon";
    public const string Pictures = "pictures";

    /// <summary>The language of a block of code that holds a picture: a line of JSON (<see cref="PictureLine"/>), then base64.</summary>
    public const string Picture = "picture";

    /// <summary>The div that repeats the metadata and the contents for people; readers pass over it.</summary>
    public const string TitlePage = "titlepage";

    public const string FrontMatter = "front";
    public const string BackMatter = "back";

    /// <summary>Marks a heading that is a label made for people, as the section has no title.</summary>
    public const string Untitled = "untitled";

    /// <summary>The class of a section's kind: <c>about-the-author</c>.</summary>
    public static string Class(MatterKind kind) => JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString());

    /// <summary>The kind of a section's class; null when there is none.</summary>
    public static MatterKind? Kind(string name) => Enum.GetValues<MatterKind>().Select(kind => (MatterKind?)kind).FirstOrDefault(kind => Class(kind!.Value) == name);
}

/// <summary>What is told of a picture before its bytes.</summary>
public sealed record PictureLine(string Id, string MediaType, int Width, int Height, string? Source);

/// <summary>The keys of the file's metadata, of which each has a line with a JSON value (which is YAML, too).</summary>
public sealed record BookFileMetadata
{
    public string? Title { get; init; }
    public string? Subtitle { get; init; }
    public string? Author { get; init; }
    public string? Lang { get; init; }
    public string? Description { get; init; }
    public Guid Identifier { get; init; }
    public DateTimeOffset Date { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>The service that wrote the text.</summary>
    public string? Generator { get; init; }

    public string? Publisher { get; init; }
    public string? IsbnPrint { get; init; }
    public string? IsbnEbook { get; init; }
    public string? Edition { get; init; }
    public string? Copyright { get; init; }
    public string? Rights { get; init; }
    public IReadOnlyList<string>? Subject { get; init; }

    /// <summary>The address of the manifest of its making.</summary>
    public string? Provenance { get; init; }

    /// <summary>The id of the cover's picture.</summary>
    public string? CoverImage { get; init; }

    public static BookFileMetadata Of(Manuscript book)
    {
        var metadata = book.Metadata;
        return new()
        {
            Title = metadata.Title,
            Subtitle = metadata.Subtitle,
            Author = metadata.Author,
            Lang = metadata.Language,
            Description = metadata.Description,
            Identifier = metadata.Identifier,
            Date = metadata.Completed,
            Generator = metadata.AiService,
            Publisher = metadata.Publisher,
            IsbnPrint = metadata.PrintIsbn,
            IsbnEbook = metadata.EbookIsbn,
            Edition = metadata.Edition,
            Copyright = metadata.Copyright,
            Rights = metadata.Rights,
            Subject = metadata.Subjects.Count == 0 ? null : metadata.Subjects,
            Provenance = metadata.Provenance,
            CoverImage = book.CoverImage,
        };
    }

    public BookMetadata ToMetadata() => new(Identifier, string.IsNullOrWhiteSpace(Title) ? "Untitled" : Title, Subtitle, Author ?? "", Lang ?? "und", Description, Generator ?? "", Date)
    {
        Publisher = Publisher,
        PrintIsbn = IsbnPrint,
        EbookIsbn = IsbnEbook,
        Edition = Edition,
        Copyright = Copyright,
        Rights = Rights,
        Subjects = Subject ?? [],
        Provenance = Provenance,
    };
}
