using System.Xml.Linq;

namespace Lekhika.Exporter.Html;

/// <summary>XHTML built as a tree, never as text: nothing that a writer wrote can become markup.</summary>
internal static class HtmlMarkup
{
    private static readonly XNamespace Ns = "http://www.w3.org/1999/xhtml";

    /// <summary>An element; no content at all still gives a start and an end tag, as HTML wants.</summary>
    public static XElement Element(string name, params object?[] content) =>
        content.Any(item => item is not (null or XAttribute)) || name is "br" or "hr" or "img" or "meta" or "link"
            ? new XElement(Ns + name, content)
            : new XElement(Ns + name, content, "");
}
