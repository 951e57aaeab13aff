using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Lekhika.Exporter.Tests.Renderers;

namespace Lekhika.Exporter.Tests.Pdf;

/// <summary>A word on a page, in points from its top left corner.</summary>
internal sealed record PdfWord(double Left, double Top, double Right, double Bottom, string Text);

/// <summary>A page as poppler's <c>pdftotext -bbox</c> sees it.</summary>
internal sealed partial record PdfPage(double Width, double Height, IReadOnlyList<PdfWord> Words)
{
    /// <summary>Every page of a file.</summary>
    public static IReadOnlyList<PdfPage> Of(PdfFile file) =>
        [.. Page().Matches(Tool.Run("poppler-utils", "pdftotext", "-bbox", file.FilePath, "-")).Select(page => new PdfPage(Number(page, "w"), Number(page, "h"), [.. Word().Matches(page.Groups["c"].Value).Select(Read)]))];

    /// <summary>The words of each line, from the top; words whose feet are within two points of each other stand on one line.</summary>
    public IReadOnlyList<IReadOnlyList<PdfWord>> Lines()
    {
        var lines = new List<List<PdfWord>>();
        foreach (var word in Words.OrderBy(word => word.Bottom))
        {
            if (lines.Count == 0 || word.Bottom - lines[^1][0].Bottom > 2)
            {
                lines.Add([]);
            }

            lines[^1].Add(word);
        }

        return [.. lines.Select(line => line.OrderBy(word => word.Left).ToList())];
    }

    private static PdfWord Read(Match word) => new(Number(word, "l"), Number(word, "t"), Number(word, "r"), Number(word, "b"), WebUtility.HtmlDecode(word.Groups["c"].Value));

    private static double Number(Match match, string group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("<page width=\"(?<w>[^\"]*)\" height=\"(?<h>[^\"]*)\">(?<c>.*?)</page>", RegexOptions.Singleline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Page();

    [GeneratedRegex("<word xMin=\"(?<l>[^\"]*)\" yMin=\"(?<t>[^\"]*)\" xMax=\"(?<r>[^\"]*)\" yMax=\"(?<b>[^\"]*)\">(?<c>.*?)</word>", RegexOptions.Singleline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Word();
}
