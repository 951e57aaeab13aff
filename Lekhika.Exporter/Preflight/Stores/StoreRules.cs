using System.IO.Compression;
using Lekhika.Core.Exports;

namespace Lekhika.Exporter.Preflight.Stores;

/// <summary>What stores ask of any file, and of the pictures and the cover of an electronic book. Warnings: not every book goes there.</summary>
internal sealed class StoreRules : IFileCheck
{
    /// <summary>Amazon KDP, "Paperback Submission Guidelines" (G201857950) and "eBook file limits": 650 MB.</summary>
    private const long MostBytes = 650_000_000;

    /// <summary>Amazon KDP, "Cover Image Guidelines" (G6GTK3T3NUHKLEFX): refused below 1,000 by 625 pixels, 2,560 by 1,600 is the ideal.</summary>
    private static readonly (int High, int Wide) LeastCover = (1_000, 625);

    private static readonly (int High, int Wide) IdealCover = (2_560, 1_600);

    public bool Fits(ExportFormat format) => true;

    public Task CheckAsync(CheckedFile file, Findings findings, CancellationToken cancellationToken)
    {
        var book = file.Order.Manuscript;
        if (file.Content.Length > MostBytes)
        {
            findings.Warning("file_large", "The file has more than 650 MB, the most that Amazon KDP takes.");
        }

        if (book.Chapters.Count == 0)
        {
            findings.Warning("no_chapters", "The book has no chapters.");
        }

        foreach (var chapter in book.Chapters.Where(chapter => chapter.Blocks.Count == 0))
        {
            findings.Warning("chapter_empty", $"Chapter {chapter.Number} has no text.", $"chapter {chapter.Number}");
        }

        if (file.Format == ExportFormat.Epub)
        {
            Cover(file, findings);
        }

        return Task.CompletedTask;
    }

    private static void Cover(CheckedFile file, Findings findings)
    {
        var book = file.Order.Manuscript;
        if (book.CoverImage is not { } key || !book.Images.TryGetValue(key, out var cover))
        {
            if (!HasCoverPicture(file.Content))
            {
                findings.Info("cover_of_letters", "The cover is set in letters; stores want a picture of 2,560 by 1,600 pixels besides the file (Amazon KDP, Cover Image Guidelines).");
            }
        }
        else if (cover.Height < LeastCover.High || cover.Width < LeastCover.Wide)
        {
            findings.Warning("cover_small", $"The cover has {cover.Height} by {cover.Width} pixels; below 1,000 by 625 it is refused (Amazon KDP, Cover Image Guidelines).");
        }
        else if (cover.Height < IdealCover.High || cover.Width < IdealCover.Wide)
        {
            findings.Info("cover_below_ideal", $"The cover has {cover.Height} by {cover.Width} pixels; the ideal is 2,560 by 1,600 (Amazon KDP, Cover Image Guidelines).");
        }
    }

    /// <summary>Whether the EPUB names a picture as its cover (EPUB 3.2, "cover-image"): one that was painted is no picture of the manuscript.</summary>
    private static bool HasCoverPicture(byte[] epub)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(epub, writable: false), ZipArchiveMode.Read);
            using var package = new StreamReader(zip.Entries.First(entry => entry.FullName.EndsWith(".opf", StringComparison.Ordinal)).Open());
            return package.ReadToEnd().Contains("cover-image", StringComparison.Ordinal);
        }
        catch (Exception damaged) when (damaged is InvalidDataException or InvalidOperationException)
        {
            // The check of the structure says so.
            return false;
        }
    }
}
