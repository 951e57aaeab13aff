using Lekhika.Core.Exports;
using Lekhika.Core.Exports.Pictures;
using Lekhika.Core.Manuscripts;
using Lekhika.Persistence.Exports;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Lekhika.Exporter.Images;

/// <summary>A job's manuscript with the bytes of its pictures, and what is to be told of those that it goes without.</summary>
internal sealed record PreparedManuscript(Manuscript Manuscript, IReadOnlyList<string> Warnings);

/// <summary>Gives a manuscript its pictures, decoded and encoded anew, as large as print needs. A picture that cannot be used is left out with a warning: its alternative text stands for it, or letters for the cover.</summary>
internal sealed partial class PicturePreparation(ExportLoader loader, PictureDecoder decoder, IOptions<PictureOptions> options, ILogger<PicturePreparation> log) : IDisposable
{
    private const double DotsPerInch = 300;
    private const double MillimetresPerInch = 25.4;

    private readonly MemoryCache _made = new(new MemoryCacheOptions { SizeLimit = options.Value.PictureCacheMiB * 1024L * 1024L });

    public async Task<PreparedManuscript> PrepareAsync(ExportJob job, CancellationToken cancellationToken)
    {
        var warnings = new List<string>();
        if (job.UnplacedPictures > 0)
        {
            warnings.Add($"{job.UnplacedPictures} illustrations belong to chapters that the book does not have, and are not in it.");
        }

        if (job.Pictures.Count == 0 || !Shows(job.Format))
        {
            return new(job.Manuscript with { CoverImage = null }, warnings);
        }

        var images = new Dictionary<string, BookImage>(StringComparer.OrdinalIgnoreCase);
        var design = BookDesign.Of(job.Settings);
        var room = options.Value.MostPictureMiB * 1024L * 1024L;
        // The cover comes first: it is missed most.
        foreach (var picture in job.Pictures.OrderByDescending(picture => picture.Key == job.Manuscript.CoverImage))
        {
            var isCover = picture.Key == job.Manuscript.CoverImage;
            try
            {
                if (images.Count >= options.Value.MostPictures || room <= 0)
                {
                    throw new PictureException("the book has more or larger pictures than one file may have");
                }

                var image = await ImageAsync(job, picture, Box(design, isCover), cancellationToken);
                room -= image.Content.Length;
                images.Add(picture.Key, image with { Source = picture.Source });
            }
            catch (PictureException error)
            {
                LeftOut(log, picture.Id, job.ExecutionId, error.Message, error.ForOperator);
                warnings.Add($"{(isCover ? "The cover's picture" : $"The picture \"{Shorten(picture.Alternative)}\"")} is left out: {error.Message}. {(isCover ? "The cover is set in letters." : "Its description stands for it.")}");
            }
        }

        var cover = job.Manuscript.CoverImage is { } key && images.ContainsKey(key) ? key : null;
        return new(job.Manuscript with { Images = images, CoverImage = cover }, warnings);
    }

    public void Dispose() => _made.Dispose();

    /// <summary>What print at 300 dots an inch needs of a picture on a page with its bleed.</summary>
    internal static PictureBox Box(BookDesign design, bool isCover)
    {
        var bleed = 2 * design.Print.Bleed;
        return new(Pixels(design.PageSize.WidthMillimetres + bleed), Pixels(design.PageSize.HeightMillimetres + bleed), isCover);
    }

    private async Task<BookImage> ImageAsync(ExportJob job, RunPicture picture, PictureBox box, CancellationToken cancellationToken)
    {
        // The row is the tenant's own, and the hash is of the bytes: who may have the one may have the other.
        var key = (Convert.ToHexString(picture.Sha256), box);
        if (_made.TryGetValue(key, out BookImage? made))
        {
            return made!;
        }

        var bytes = await loader.PictureAsync(job, picture, cancellationToken) ?? throw new PictureException("it is gone");
        var image = await decoder.DecodeAsync(bytes, box, cancellationToken);
        _made.Set(key, image, new MemoryCacheEntryOptions { Size = image.Content.Length });
        return image;
    }

    private static bool Shows(ExportFormat format) => format != ExportFormat.Markdown && format != ExportFormat.Txt;

    private static int Pixels(double millimetres) => (int)Math.Ceiling(millimetres / MillimetresPerInch * DotsPerInch);

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..(char.IsHighSurrogate(text[79]) ? 79 : 80)] + "…";

    [LoggerMessage(LogLevel.Warning, "Picture {PictureId} of run {ExecutionId} is left out: {Reason}. {ForOperator}")]
    private static partial void LeftOut(ILogger log, Guid pictureId, Guid executionId, string reason, string? forOperator);
}
