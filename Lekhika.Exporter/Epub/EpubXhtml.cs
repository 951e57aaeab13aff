using System.Xml.Linq;
using Lekhika.Exporter.Rendering;

namespace Lekhika.Exporter.Epub;

/// <summary>XHTML5 with the structural semantics of EPUB and the same as DPUB-ARIA roles. Built as a tree, never as text: nothing that a writer wrote can become markup.</summary>
internal static class EpubXhtml
{
    private static readonly XNamespace Ns = "http://www.w3.org/1999/xhtml";
    private static readonly XNamespace Ops = "http://www.idpf.org/2007/ops";

    /// <summary>An element; no content at all, and none but empty lists, still gives a start and an end tag: to HTML, a start tag that closes itself opens.</summary>
    public static XElement Element(string name, params object?[] content)
    {
        var element = new XElement(Ns + name, content);
        if (element.IsEmpty && name is not ("br" or "hr" or "img" or "meta" or "link"))
        {
            element.Add("");
        }

        return element;
    }

    public static XAttribute Class(string name) => new("class", name);

    public static XAttribute Id(string id) => new("id", id);

    public static XAttribute Role(string role) => new("role", role);

    /// <summary>A structural semantic of the EPUB vocabulary.</summary>
    public static XAttribute Type(string type) => new(Ops + "type", type);

    /// <summary>In which language text is, and in which direction it runs where that is another than <paramref name="around"/> it.</summary>
    public static IEnumerable<XAttribute> Language(string tag, string? around = null)
    {
        yield return new("lang", tag);
        yield return new(XNamespace.Xml + "lang", tag);
        var rightToLeft = new LanguageTag(tag).IsRightToLeft;
        if (rightToLeft != (around is not null && new LanguageTag(around).IsRightToLeft))
        {
            yield return new("dir", rightToLeft ? "rtl" : "ltr");
        }
    }

    /// <summary>A page around <paramref name="body"/>.</summary>
    /// <param name="division">frontmatter, bodymatter or backmatter; null: none of these.</param>
    public static XDocument Document(string language, string title, string? division, params object?[] body) => new(
        new XDocumentType("html", null, null, null),
        Element(
            "html",
            new XAttribute(XNamespace.Xmlns + "epub", Ops.NamespaceName),
            Language(language),
            Element(
                "head",
                Element("meta", new XAttribute("charset", "utf-8")),
                Element("title", title),
                Element("link", new XAttribute("rel", "stylesheet"), new XAttribute("type", "text/css"), new XAttribute("href", "book.css"))),
            Element("body", division is null ? null : Type(division), body)));
}
