using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;

namespace Lekhika.Exporter.Epub;

/// <summary>A file of the book that is no page.</summary>
/// <param name="Id">Of the manifest's item.</param>
internal sealed record EpubFile(string Id, string Path, string MediaType, ReadOnlyMemory<byte> Content);

/// <summary>The pictures that pages show, each once.</summary>
internal sealed class EpubPictures(Manuscript book)
{
    private readonly Dictionary<string, EpubFile> _files = new(StringComparer.Ordinal);

    public IEnumerable<EpubFile> Files => _files.Values;

    /// <summary>The file of the cover's picture; null: the cover is set in type, or there is none.</summary>
    public EpubFile? Cover { get; private set; }

    /// <summary>How many pictures are told in words, as they could not be shown.</summary>
    public int Lost { get; private set; }

    /// <summary>Whether every picture is also told in words.</summary>
    public bool AllTold { get; private set; } = true;

    /// <summary>The picture's file; null when there is none that an EPUB can carry.</summary>
    public EpubFile? Find(string image, string alternative)
    {
        if (BookPicture.Find(book, image) is not { } found)
        {
            Lost++;
            return null;
        }

        AllTold &= alternative.Length > 0;
        if (!_files.TryGetValue(image, out var file))
        {
            var id = $"picture-{_files.Count + 1}";
            _files[image] = file = new(id, $"images/{id}.{(found.MediaType == "image/png" ? "png" : "jpg")}", found.MediaType, found.Content);
        }

        return file;
    }

    public EpubFile? FindCover(string alternative) => Cover = book.CoverImage is null ? null : Find(book.CoverImage, alternative);

    /// <summary>A cover that was made for a book that has none.</summary>
    public EpubFile TakeCover(BookImage painted) =>
        Cover = _files["painted cover"] = new("painted-cover", $"images/cover.{(painted.MediaType == "image/png" ? "png" : "jpg")}", painted.MediaType, painted.Content);
}
