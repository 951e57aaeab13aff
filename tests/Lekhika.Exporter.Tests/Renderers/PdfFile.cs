using System.Globalization;

namespace Lekhika.Exporter.Tests.Renderers;

/// <summary>A PDF as poppler and qpdf see it.</summary>
internal sealed class PdfFile : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public PdfFile(byte[] content) => File.WriteAllBytes(_path, content);

    /// <summary>Where the file lies, for programs that look at it.</summary>
    public string FilePath => _path;

    /// <summary>qpdf's verdict on the file's structure.</summary>
    public string Check() => Tool.Run("qpdf", "qpdf", "--check", _path);

    /// <summary>The outline's titles, as qpdf lists them.</summary>
    public string Outline() => Tool.Run("qpdf", "qpdf", "--json", "--json-key=outlines", _path);

    /// <summary>One line for each font: name, type, encoding, whether it is embedded.</summary>
    public IReadOnlyList<string> Fonts() => [.. Tool.Run("poppler-utils", "pdffonts", _path).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(2)];

    /// <summary>Title, author, page size and so on.</summary>
    public string Info() => Tool.Run("poppler-utils", "pdfinfo", _path);

    /// <summary>The text of each physical page.</summary>
    public IReadOnlyList<string> Pages() => Tool.Run("poppler-utils", "pdftotext", "-layout", _path, "-").Split('\f')[..^1];

    /// <summary>The text between head and foot of the pages from <paramref name="first"/> on, without the hyphens that ended lines.</summary>
    public string Body(int first, double pageHeight) => Tool.Run(
        "poppler-utils",
        "pdftotext",
        ["-f", first.ToString(CultureInfo.InvariantCulture), "-x", "0", "-W", "10000", "-y", Points(pageHeight * 0.09), "-H", Points(pageHeight * 0.82), _path, "-"]);

    public void Dispose() => File.Delete(_path);

    private static string Points(double points) => ((int)points).ToString(CultureInfo.InvariantCulture);
}
