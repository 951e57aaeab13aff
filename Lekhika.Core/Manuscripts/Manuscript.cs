namespace Lekhika.Core.Manuscripts;

/// <summary>A whole book, ready to render: what every exporter takes and none of them changes.</summary>
/// <param name="Metadata">Who, what, which language.</param>
/// <param name="Chapters">The chapters in reading order, numbered from 1 without gaps.</param>
/// <param name="Colophon">How the book was made, one string a paragraph: names the models or the offline author.</param>
public sealed record Manuscript(BookMetadata Metadata, IReadOnlyList<Chapter> Chapters, IReadOnlyList<string> Colophon)
{
    /// <summary>What stands before the first chapter, in reading order. Half-title, title page, imprint and contents are made of the metadata.</summary>
    public IReadOnlyList<Matter> FrontMatter { get; init; } = [];

    /// <summary>What stands behind the last chapter, in reading order; the colophon comes after it.</summary>
    public IReadOnlyList<Matter> BackMatter { get; init; } = [];

    /// <summary>The parts, by the chapter with which each begins; chapters before the first part belong to none.</summary>
    public IReadOnlyList<Part> Parts { get; init; } = [];

    /// <summary>The pictures that figures and the cover name, by their id.</summary>
    public IReadOnlyDictionary<string, BookImage> Images { get; init; } = new Dictionary<string, BookImage>();

    /// <summary>The id of the cover's picture among the <see cref="Images"/>; null: the cover is set in type.</summary>
    public string? CoverImage { get; init; }

    /// <summary>Words in the chapters' blocks, counted by <see cref="WordCount"/>.</summary>
    public int Words => Chapters.Sum(chapter => chapter.Words);
}

/// <summary>A chapter: the same record from the outline to the last renderer, never joined to one text and split again.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Title">As the outline gives it, without "Chapter N".</param>
/// <param name="Blocks">The text.</param>
/// <param name="Version">From 1, growing when the chapter is written again or edited.</param>
public sealed record Chapter(int Number, string Title, IReadOnlyList<Block> Blocks, int Version)
{
    /// <summary>Below the title; null: none.</summary>
    public string? Subtitle { get; init; }

    /// <summary>Who wrote the chapter, where several did; null: none.</summary>
    public string? Byline { get; init; }

    /// <summary>A motto above the text; mostly empty.</summary>
    public IReadOnlyList<Block> Epigraph { get; init; } = [];

    /// <summary>Words in this chapter's blocks.</summary>
    public int Words => WordCount.Of(Blocks);
}

/// <summary>A part of a book.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Title">Without "Part N"; may be empty.</param>
/// <param name="FirstChapter">The number of the chapter before which it stands.</param>
public sealed record Part(int Number, string Title, int FirstChapter);

/// <summary>A section before or behind the chapters.</summary>
/// <param name="Kind">What it is; one kind may come more than once.</param>
/// <param name="Title">Its own; empty: the kind's word in the book's language.</param>
/// <param name="Blocks">The text.</param>
public sealed record Matter(MatterKind Kind, string Title, IReadOnlyList<Block> Blocks);

/// <summary>The sections that books have besides chapters, after The Chicago Manual of Style (1.4) and the EPUB Structural Semantics Vocabulary.</summary>
public enum MatterKind
{
    /// <summary>To whom the book is given; without a heading.</summary>
    Dedication,

    /// <summary>A motto of the book; without a heading.</summary>
    Epigraph,

    /// <summary>Another's words on the book.</summary>
    Foreword,

    /// <summary>The author's words on the book.</summary>
    Preface,

    /// <summary>The text's own beginning.</summary>
    Introduction,

    /// <summary>What comes after the story.</summary>
    Epilogue,

    /// <summary>Words on the book after it was read.</summary>
    Afterword,

    /// <summary>Thanks.</summary>
    Acknowledgements,

    /// <summary>Who wrote it.</summary>
    AboutTheAuthor,

    /// <summary>Other books.</summary>
    AlsoBy,

    /// <summary>Works that were used.</summary>
    Bibliography,

    /// <summary>Words explained.</summary>
    Glossary,

    /// <summary>Terms and where they stand.</summary>
    Index,
}

/// <summary>A picture of the book, as its provider or its author gave it.</summary>
/// <param name="MediaType"><c>image/png</c>, <c>image/jpeg</c> or <c>image/webp</c>.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Content">The file.</param>
/// <param name="Source">Who or what made it, in a sentence for the colophon and the manifest; null: not told.</param>
public sealed record BookImage(string MediaType, int Width, int Height, ReadOnlyMemory<byte> Content, string? Source = null);

/// <summary>What a title page, a library and a store need to know of a book.</summary>
/// <param name="Identifier">The book's own id; <c>urn:uuid:</c> in EPUB.</param>
/// <param name="Title">The main title; never empty.</param>
/// <param name="Subtitle">Without the main title.</param>
/// <param name="Author">As printed.</param>
/// <param name="Language">A BCP 47 tag such as <c>en</c> or <c>hi</c>.</param>
/// <param name="Description">A sentence or two for stores.</param>
/// <param name="AiService">The service that wrote the text, e.g. <c>offline-author</c>; shown, never hidden.</param>
/// <param name="Completed">When the manuscript was compiled (UTC): the only date that renderers may use, so that the same manuscript gives the same bytes.</param>
public sealed record BookMetadata(
    Guid Identifier,
    string Title,
    string? Subtitle,
    string Author,
    string Language,
    string? Description,
    string AiService,
    DateTimeOffset Completed)
{
    /// <summary>The publisher; null: none is named.</summary>
    public string? Publisher { get; init; }

    /// <summary>The ISBN-13 of the printed book, with or without hyphens; null: none.</summary>
    public string? PrintIsbn { get; init; }

    /// <summary>The ISBN-13 of the EPUB; null: none.</summary>
    public string? EbookIsbn { get; init; }

    /// <summary>Such as "Second edition"; null: not told.</summary>
    public string? Edition { get; init; }

    /// <summary>The line of copyright, such as "© 2026 Ada Byron"; null: year and author.</summary>
    public string? Copyright { get; init; }

    /// <summary>What may be done with the book; null: not told.</summary>
    public string? Rights { get; init; }

    /// <summary>Where the manifest of its making is, and its SHA-256, as an address; null: there is none.</summary>
    public string? Provenance { get; init; }

    /// <summary>What it is about, in words of a library or store.</summary>
    public IReadOnlyList<string> Subjects { get; init; } = [];
}
