namespace Lekhika.Core.Manuscripts;

/// <summary>A whole book, ready to render: what every exporter takes and none of them changes.</summary>
/// <param name="Metadata">Who, what, which language.</param>
/// <param name="Chapters">The chapters in reading order, numbered from 1 without gaps.</param>
/// <param name="Colophon">How the book was made, one string a paragraph: names the models or the offline author.</param>
public sealed record Manuscript(BookMetadata Metadata, IReadOnlyList<Chapter> Chapters, IReadOnlyList<string> Colophon)
{
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
    /// <summary>Words in this chapter's blocks.</summary>
    public int Words => WordCount.Of(Blocks);
}

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
    DateTimeOffset Completed);
