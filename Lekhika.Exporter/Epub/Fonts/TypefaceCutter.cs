using System.Security.Cryptography;
using System.Text.Json;
using Lekhika.Core.Exports;
using Lekhika.Exporter.Children;
using Lekhika.Exporter.Pdf;
using Lekhika.Exporter.Rendering;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Lekhika.Exporter.Epub.Fonts;

/// <summary>
/// Cuts the typefaces of a book to its letters (npm subset-font: HarfBuzz), in a child. A book without them is
/// a whole book, so whatever goes wrong is a warning. The same letters (by their <see cref="LetterGroups"/>) give the same bytes, and are cut once.
/// </summary>
internal sealed partial class TypefaceCutter(EpubChild child, TypesetterInstallation installation, IOptions<EpubOptions> options, ILogger<TypefaceCutter> log) : IDisposable
{
    private const int MiB = 1024 * 1024;

    private readonly MemoryCache _made = new(new MemoryCacheOptions { SizeLimit = options.Value.EpubCacheMiB * (long)MiB });

    public async Task<EpubTypefaces> CutAsync(EpubBook book, CancellationToken cancellationToken)
    {
        var order = Order(book);
        var key = Convert.ToHexString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(order)));
        if (_made.TryGetValue(key, out EpubTypefaces? known))
        {
            return known!;
        }

        try
        {
            var made = Read(await child.AskAsync<Answer>(new { typefaces = order }, cancellationToken));
            return _made.Set(key, made, new MemoryCacheEntryOptions { Size = made.Fonts.Sum(font => font.Content.Length) });
        }
        catch (IOException error)
        {
            LogLeftOut(log, error.Message);
            return EpubTypefaces.Without("The typefaces of the book's design are not in the EPUB: this server could not cut them to its letters. Readers show the book in their own.");
        }
    }

    public void Dispose() => _made.Dispose();

    private object Order(EpubBook book)
    {
        var language = new LanguageTag(book.Metadata.Language);
        var hasCapitals = EpubStyle.HasCapitals(language);
        var letters = new EpubLetters(book, hasCapitals);
        return new
        {
            typesetter = installation.Directory,
            bodyFont = book.Design.BodyFont,
            headingFont = book.Design.HeadingFont,
            serif = BookFont.Find(book.Design.BodyFont)?.IsSerif ?? true,
            language = language.Primary,
            languages = letters.Languages,
            own = hasCapitals,
            faces = letters.Faces.Select(face => new { heading = face.Face.IsHeading, bold = face.Face.IsBold, italic = face.Face.IsItalic, smallCaps = face.HasSmallCaps, text = face.Letters }),
            bytes = options.Value.MostFontMiB * MiB,
        };
    }

    private EpubTypefaces Read(Answer answer) => answer is { Fonts: { } fonts, Body: { } body, Headings: { } headings, Left: { } left }
        ? new(
            [.. fonts.Select(font => new EpubFont(font.Family, font.Bold, font.Italic, "font/ttf", font.Content))],
            body,
            headings,
            [.. left.Select(font => $"The typeface {font.Family}{(font.Bold ? ", bold" : "")}{(font.Italic ? ", italic" : "")} is not in the EPUB: the book's typefaces may have {options.Value.MostFontMiB} MB together. Readers show its letters in their own.")])
        : throw new IOException(answer.Error);

    [LoggerMessage(LogLevel.Warning, "An EPUB is made without its typefaces. {ForOperator}")]
    private static partial void LogLeftOut(ILogger log, string forOperator);

    private sealed record Answer(string? Error, IReadOnlyList<Face>? Fonts, IReadOnlyList<string>? Body, IReadOnlyList<string>? Headings, IReadOnlyList<Face>? Left, long Memory) : IChildAnswer;

    private sealed record Face(string Family, bool Bold, bool Italic, byte[] Content);
}
