using System.Text;

namespace Lekhika.Core.Manuscripts;

/// <summary>The characters of inlines without their marks.</summary>
public static class PlainText
{
    /// <summary>The text of <paramref name="inlines"/> in order; a line break is a newline, and footnotes are left out.</summary>
    public static string Of(IReadOnlyList<Inline> inlines)
    {
        var text = new StringBuilder();
        Append(text, inlines);
        return text.ToString();
    }

    private static void Append(StringBuilder text, IReadOnlyList<Inline> inlines)
    {
        foreach (var inline in inlines)
        {
            switch (inline)
            {
                case Text t: text.Append(t.Value); break;
                case CodeSpan c: text.Append(c.Value); break;
                case Emphasis e: Append(text, e.Content); break;
                case Strong s: Append(text, s.Content); break;
                case Link l: Append(text, l.Content); break;
                case SmallCaps c: Append(text, c.Content); break;
                case Superscript u: Append(text, u.Content); break;
                case LanguageSpan l: Append(text, l.Content); break;
                case LineBreak: text.Append('\n'); break;
            }
        }
    }
}
