using System.Text;

namespace Lekhika.Exporter.Text;

/// <summary>A column of plain text under construction.</summary>
/// <param name="width">Characters a line; 0 leaves paragraphs in one line.</param>
internal sealed class TextPage(int width)
{
    /// <summary>The longest rule below a heading, where lines have no width of their own.</summary>
    private const int LongestRule = 72;

    private readonly StringBuilder _text = new();

    /// <summary>A heading with its rule, after three blank lines; empty lines are left out.</summary>
    public void Heading(params IEnumerable<string?> lines)
    {
        var wrapped = lines.OfType<string>().Where(line => line.Length > 0).SelectMany(line => LineWrap.Wrap(line, width)).ToList();
        _text.Append("\n\n");
        wrapped.ForEach(Line);
        Line(new string('=', Math.Min(wrapped.Max(LineWrap.Length), width == 0 ? LongestRule : width)));
        Line("");
    }

    /// <summary>Text in the middle of the line, and a blank line; nothing at all for no text.</summary>
    public void Centred(string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            Lines(LineWrap.Wrap(value, width).Select(line => Centred(line, width)));
            Line("");
        }
    }

    /// <summary>A line in the middle of a width.</summary>
    public static string Centred(string line, int width) => new string(' ', Math.Max(0, (width - LineWrap.Length(line)) / 2)) + line;

    /// <summary>Lines as they are.</summary>
    public void Lines(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            Line(line);
        }
    }

    /// <summary>Lines in the middle of the page, as of a dedication.</summary>
    public void CentredLines(IEnumerable<string> lines) => Lines(lines.Select(line => line.Length == 0 ? "" : Centred(line, width)));

    public override string ToString() => _text.ToString();

    private void Line(string line) => _text.Append(line.TrimEnd(' ')).Append('\n');
}
