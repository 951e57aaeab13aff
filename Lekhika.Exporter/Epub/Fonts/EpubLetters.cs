using System.Xml.Linq;
using Lekhika.Core.Exports;
using Lekhika.Exporter.Rendering;

namespace Lekhika.Exporter.Epub.Fonts;

/// <summary>A face of the design that text is set in.</summary>
/// <param name="IsHeading">Of the headings' family, not the body's.</param>
internal readonly record struct EpubFace(bool IsHeading, bool IsBold, bool IsItalic);

/// <summary>
/// Which characters a book sets in which face: what the pages have, after the rules of book.css and <see cref="EpubStyle"/>, and what these rules
/// themselves set (ornaments, numbers of lists, capitals, hyphens), each with its <see cref="LetterGroups"/>. Code is set in the reader's own face.
/// </summary>
internal sealed class EpubLetters
{
    private readonly Dictionary<EpubFace, LetterSet> _faces = [];
    private readonly HashSet<EpubFace> _smallCaps = [];
    private readonly SortedSet<string> _languages = new(StringComparer.Ordinal);
    private readonly bool _hasItalics;

    public EpubLetters(EpubBook book, bool hasCapitals)
    {
        var language = new LanguageTag(book.Metadata.Language);
        _hasItalics = language.Primary is not ("ja" or "ko" or "zh" or "yue");
        var body = default(EpubFace);
        Of(body).Add(book.Design.SceneOrnament);
        foreach (var page in book.Pages.Select(page => page.Document).Append(book.Navigation))
        {
            Walk(page.Root!.Elements().Single(element => element.Name.LocalName == "body"), body);
        }

        if (hasCapitals && book.Design.SmallCapsLeadIn)
        {
            AddCapitals(body);
        }

        if (book.Design.Hyphenate)
        {
            foreach (var (face, letters) in _faces)
            {
                letters.Add(face.IsHeading ? "" : "-\u2010");
            }
        }

        foreach (var letters in _faces.Values)
        {
            var own = letters.ToString();
            foreach (var group in LetterGroups.Known.Where(group => own.AsSpan().ContainsAny(group.Letters)))
            {
                letters.Add(group.All);
            }
        }
    }

    /// <summary>The characters of each face that has any, the text's own face first.</summary>
    public IEnumerable<(EpubFace Face, bool HasSmallCaps, string Letters)> Faces =>
        from face in _faces
        orderby face.Key.IsHeading, face.Key.IsBold && face.Key.IsItalic, face.Key.IsBold, face.Key.IsItalic
        let letters = face.Value.ToString()
        where letters.Length > 0
        select (face.Key, _smallCaps.Contains(face.Key), letters);

    /// <summary>The languages of passages in another than the book's.</summary>
    public IEnumerable<string> Languages => _languages;

    private LetterSet Of(EpubFace face) => _faces.TryGetValue(face, out var letters) ? letters : _faces[face] = new();

    private void Walk(XElement element, EpubFace face)
    {
        foreach (var node in element.Nodes())
        {
            if (node is XText text)
            {
                Of(face).Add(text.Value);
            }
            else if (node is XElement child)
            {
                Enter(child, face);
            }
        }
    }

    private void Enter(XElement element, EpubFace face)
    {
        var (name, classes) = (element.Name.LocalName, element.Attribute("class")?.Value ?? "");
        if (name is "code" || element.Attribute("hidden") is not null)
        {
            return;
        }

        if (name == "ol" && !element.Ancestors().Any(around => around.Name.LocalName == "nav"))
        {
            Of(face).Add("0123456789.");
        }

        if (name == "span" && element.Attribute("lang")?.Value is { } language)
        {
            _languages.Add(new LanguageTag(language).Primary);
        }

        var inner = Inner(name, classes, face);
        Walk(element, inner);
        if (classes is "label")
        {
            Of(inner).Add(element.Value.ToUpperInvariant());
        }
        else if (classes is "small-caps")
        {
            _smallCaps.Add(inner);
            Of(inner).Add(element.Value.ToUpperInvariant());
        }
    }

    private EpubFace Inner(string name, string classes, EpubFace face)
    {
        var inner = name switch
        {
            "h1" or "h2" => new(IsHeading: true, IsBold: false, IsItalic: false),
            "h3" or "h4" or "h5" or "h6" => new(IsHeading: true, IsBold: false, IsItalic: true),
            "em" => face with { IsItalic = true },
            "strong" => face with { IsBold = true },
            "th" => face with { IsBold = false, IsItalic = true },
            _ => face,
        };
        inner = classes switch
        {
            "cover-title" => inner with { IsHeading = true },
            "box-title" => inner with { IsBold = true },
            "subtitle" or "cover-subtitle" or "epigraph" or "missing" => inner with { IsItalic = true },
            "matter dedication" or "matter epigraph" => inner with { IsItalic = true }, // Of which all but an unseen title is paragraphs.
            _ => inner,
        };
        return _hasItalics ? inner : inner with { IsItalic = false };
    }

    /// <summary>Small capitals, the family's own or capitals made smaller.</summary>
    private void AddCapitals(EpubFace face)
    {
        _smallCaps.Add(face);
        var letters = Of(face);
        letters.Add(letters.ToString().ToUpperInvariant());
    }
}
