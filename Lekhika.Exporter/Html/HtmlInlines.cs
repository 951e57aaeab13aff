using System.Xml.Linq;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;
using static Lekhika.Exporter.Html.HtmlMarkup;

namespace Lekhika.Exporter.Html;

/// <summary>The inlines of one section as text nodes and phrasing elements; the notes that they call are counted.</summary>
internal sealed class HtmlInlines(string id, BookWording wording)
{
    private readonly List<Footnote> _notes = [];

    /// <summary>The notes called so far, in their order.</summary>
    public IReadOnlyList<Footnote> Notes => _notes;

    public IEnumerable<object> Of(IReadOnlyList<Inline> inlines) => [.. inlines.Select(Of)];

    private object Of(Inline inline) => inline switch
    {
        Core.Manuscripts.Text t => t.Value,
        Emphasis e => Element("em", Of(e.Content)),
        Strong s => Element("strong", Of(s.Content)),
        SmallCaps c => Element("span", new XAttribute("class", "caps"), Of(c.Content)),
        Superscript u => Element("sup", Of(u.Content)),
        CodeSpan c => Element("code", new XAttribute("dir", "ltr"), c.Value),
        Link l => LinkTarget.Of(l.Target) is { } target ? Element("a", new XAttribute("href", target), new XAttribute("rel", "noreferrer"), Of(l.Content)) : Of(l.Content),
        LanguageSpan l => Element("span", new XAttribute("lang", l.Language), Direction(l.Language), Of(l.Content)),
        Footnote n => Call(n),
        LineBreak => Element("br"),
        _ => "",
    };

    private XAttribute? Direction(string language)
    {
        var isRightToLeft = new LanguageTag(language).IsRightToLeft;
        return isRightToLeft == wording.IsRightToLeft ? null : new XAttribute("dir", isRightToLeft ? "rtl" : "ltr");
    }

    private XElement Call(Footnote note)
    {
        _notes.Add(note);
        var number = _notes.Count;
        return Element("sup", Element(
            "a",
            new XAttribute("id", $"{id}-call-{number}"),
            new XAttribute("href", $"#{id}-note-{number}"),
            new XAttribute("role", "doc-noteref"),
            new XAttribute("aria-label", wording.Note(number)),
            number));
    }
}
