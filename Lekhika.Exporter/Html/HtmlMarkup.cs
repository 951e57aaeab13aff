using System.Xml.Linq;

namespace Lekhika.Exporter.Html;

/// <summary>XHTML built as a tree, never as text: nothing that a writer wrote can become markup.</summary>
internal static class HtmlMarkup
{
    private static readonly XNamespace Ns = "http://www.w3.org/1999/xhtml";

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
}
