using System.Xml.Linq;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;
using static Lekhika.Exporter.Html.HtmlMarkup;

namespace Lekhika.Exporter.Html;

/// <summary>The inlines of one section as text nodes and phrasing elements; the notes that they call are counted.</summary>
internal sealed class HtmlInlines(string id, BookWording wording)
{
    private readonly List<Footnote> _notes = [];
    private readonly List<XElement> _afterLink = [];
    private bool _inLink;

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
        Link l => LinkTarget.Of(l.Target) is { } target && !_inLink ? Linked(l, target) : Of(l.Content),
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

    /// <summary>Links hold no links: notes called in one are called behind it.</summary>
    private object[] Linked(Link link, string target)
    {
        _inLink = true;
        var content = Of(link.Content);
        _inLink = false;
        object[] linked = [Element("a", new XAttribute("href", target), new XAttribute("rel", "noreferrer"), content), .. _afterLink];
        _afterLink.Clear();
        return linked;
    }

    private object Call(Footnote note)
    {
        _notes.Add(note);
        var number = _notes.Count;
        var call = Element("sup", Element(
            "a",
            new XAttribute("id", $"{id}-call-{number}"),
            new XAttribute("href", $"#{id}-note-{number}"),
            new XAttribute("role", "doc-noteref"),
            new XAttribute("aria-label", wording.Note(number)),
            number));
        if (!_inLink)
        {
            return call;
        }

        _afterLink.Add(call);
        return "";
    }
}
