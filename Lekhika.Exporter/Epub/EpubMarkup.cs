using System.Xml.Linq;
using Lekhika.Core.Manuscripts;
using Lekhika.Exporter.Rendering;
using static Lekhika.Exporter.Epub.EpubXhtml;

namespace Lekhika.Exporter.Epub;

/// <summary>Blocks and inlines of one page, and the notes that are called in it.</summary>
/// <param name="language">The book's.</param>
internal sealed class EpubMarkup(string language, BookWording wording, EpubPictures pictures)
{
    private readonly List<XElement> _notes = [];
    private readonly List<XElement> _afterLink = [];
    private bool _inLink;
    private bool _inNote;

    /// <summary>The notes so far, each of which readers show where it is called.</summary>
    public IReadOnlyList<XElement> Notes => _notes;

    /// <summary>The elements of a text; headings keep their level, as its title is level 1.</summary>
    public IReadOnlyList<XElement> Of(IReadOnlyList<Block> blocks)
    {
        // Prose after a heading, a break or at the chapter's head starts flush; CSS cannot see the chapter's head everywhere.
        var elements = new List<XElement>(blocks.Count);
        for (var i = 0; i < blocks.Count; i++)
        {
            elements.Add(Of(blocks[i], flush: i == 0 || blocks[i - 1] is not Paragraph));
        }

        return elements;
    }

    /// <summary>Inlines as text nodes and phrasing elements.</summary>
    public IReadOnlyList<object> Of(IReadOnlyList<Inline> inlines) => [.. inlines.Select(Of)];

    private object Of(Inline inline) => inline switch
    {
        Core.Manuscripts.Text t => t.Value,
        Emphasis e => Element("em", Of(e.Content)),
        Strong s => Element("strong", Of(s.Content)),
        SmallCaps c => Element("span", Class("small-caps"), Of(c.Content)),
        Superscript u => Element("sup", Of(u.Content)),
        CodeSpan c => Element("code", c.Value),
        LanguageSpan l => Element("span", Language(l.Language, language), Of(l.Content)),
        Link l => LinkTarget.Of(l.Target) is { } target && !_inLink ? Linked(l, target) : Of(l.Content),
        Footnote n => Called(n),
        LineBreak => Element("br"),
        _ => "",
    };

    /// <summary>Links hold no links: notes called in one are called behind it.</summary>
    private object[] Linked(Link link, string target)
    {
        _inLink = true;
        var content = Of(link.Content);
        _inLink = false;
        object[] linked = [Element("a", new XAttribute("href", target), content), .. _afterLink];
        _afterLink.Clear();
        return linked;
    }

    private object Called(Footnote note)
    {
        if (_inNote)
        {
            return note.Content.OfType<Paragraph>().SelectMany(paragraph => Of(paragraph.Content)); // Notes hold no notes.
        }

        var number = _notes.Count + 1;
        var (id, back) = ($"note-{number}", $"noteref-{number}");
        var aside = Element("aside", Type("footnote"), Role("doc-footnote"), Id(id));
        _notes.Add(aside);
        var inLink = _inLink;
        (_inNote, _inLink) = (true, false);
        aside.Add(Element("p", Class("note-number"), Element("a", Role("doc-backlink"), new XAttribute("href", "#" + back), new XAttribute("title", wording.BackToText), $"{number}")), Of(note.Content));
        (_inNote, _inLink) = (false, inLink);

        var call = Element("a", Type("noteref"), Role("doc-noteref"), Class("noteref"), Id(back), new XAttribute("href", "#" + id), $"{number}");
        if (!inLink)
        {
            return call;
        }

        _afterLink.Add(call);
        return "";
    }

    private XElement Of(Block block, bool flush) => block switch
    {
        Paragraph p => Element("p", flush ? Class("flush") : null, Of(p.Content)),
        Heading h => Element($"h{Math.Clamp(h.Level, 2, 6)}", Of(h.Content)),
        SceneBreak => Element("hr", Class("scene")),
        BlockQuotation q => Element("blockquote", Of(q.Content)),
        ItemList { Ordered: true } l => Element("ol", l.Start == 1 ? null : new XAttribute("start", l.Start), Items(l)),
        ItemList l => Element("ul", Items(l)),
        CodeBlock c => Element("pre", new XAttribute("dir", "ltr"), Element("code", c.Value)),
        Table t => EpubTable.Of(t, this),
        Verse v => Element("div", Class("verse"), v.Stanzas.Select(stanza => Element("p", Class("stanza"), Lines(stanza)))),
        Letter l => Element("div", Class("letter"), Of(l.Content)),
        Figure f => Picture(f),
        Callout c => Box(c.Kind, c.Title.Count > 0 ? Of(c.Title) : [wording.CalloutTitle(c.Kind)], c.Content),
        Exercise e => Element("aside", Class("exercise"), Element("p", Class("box-title"), e.Title.Count > 0 ? Of(e.Title) : wording.Exercise), Of(e.Content)),
        _ => Element("p"),
    };

    private IEnumerable<XElement> Items(ItemList list) => list.Items.Select(item => item is [Paragraph only] ? Element("li", Of(only.Content)) : Element("li", Of(item)));

    private IEnumerable<object> Lines(IReadOnlyList<VerseLine> stanza) => stanza.SelectMany((line, i) =>
    {
        object[] shown = [Element("span", Class($"line line-{Math.Clamp(line.Indent, 0, 8)}"), Of(line.Content))];
        return i == 0 ? shown : shown.Prepend(" "); // Where styles are lost, words of two lines stay apart.
    });

    private XElement Picture(Figure figure)
    {
        var file = pictures.Find(figure.Image, figure.Alternative);
        return Element(
            "figure",
            file is null
                ? Element("p", Class("missing"), figure.Alternative.Length > 0 ? figure.Alternative : wording.Picture)
                : Element("img", new XAttribute("src", file.Path), new XAttribute("alt", figure.Alternative)),
            figure.Caption.Count == 0 ? null : Element("figcaption", Of(figure.Caption)));
    }

    private XElement Box(CalloutKind kind, object title, IReadOnlyList<Block> content)
    {
        var (type, role) = kind switch
        {
            CalloutKind.Tip => ("tip", "doc-tip"),
            CalloutKind.Warning => ("notice", "doc-notice"),
            CalloutKind.Example => (null, "doc-example"),
            _ => ((string?)null, (string?)null),
        };
        return Element(
            kind == CalloutKind.Warning ? "section" : "aside", // An aside is no notice (ARIA in HTML).
            Class($"callout {kind.ToString().ToLowerInvariant()}"),
            type is null ? null : Type(type),
            role is null ? null : Role(role),
            Element("p", Class("box-title"), title),
            Of(content));
    }
}
