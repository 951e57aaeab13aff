using System.Globalization;
using System.Text;

namespace Lekhika.Exporter.Tests.Preflight;

/// <summary>A PDF of one page of one line in Helvetica, which is not in the file.</summary>
internal static class PlainPdf
{
    /// <param name="width">Of the page, in points.</param>
    /// <param name="height">Likewise.</param>
    /// <param name="at">Where the line begins, from the left, in points.</param>
    public static byte[] Of(double width, double height, double at)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"BT /F1 12 Tf {at} 300 Td (Here is a line.) Tj ET");
        string[] objects =
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            string.Create(CultureInfo.InvariantCulture, $"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"),
            $"<< /Length {line.Length} >>\nstream\n{line}\nendstream",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ];
        var file = new StringBuilder("%PDF-1.7\n");
        var places = new List<int>();
        foreach (var (number, body) in objects.Index())
        {
            places.Add(file.Length);
            file.Append(CultureInfo.InvariantCulture, $"{number + 1} 0 obj\n{body}\nendobj\n");
        }

        var table = file.Length;
        file.Append(CultureInfo.InvariantCulture, $"xref\n0 {objects.Length + 1}\n0000000000 65535 f \n");
        places.ForEach(place => file.Append(CultureInfo.InvariantCulture, $"{place:0000000000} 00000 n \n"));
        file.Append(CultureInfo.InvariantCulture, $"trailer\n<< /Size {objects.Length + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
        return Encoding.Latin1.GetBytes(file.ToString());
    }
}
