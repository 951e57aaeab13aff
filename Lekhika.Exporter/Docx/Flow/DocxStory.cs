using DocumentFormat.OpenXml.Packaging;
using Lekhika.Core.Manuscripts;

namespace Lekhika.Exporter.Docx.Flow;

/// <summary>A part of the package that holds text (the document, or its footnotes), with what its text points to.</summary>
internal sealed class DocxStory(OpenXmlPart part, DocxStory? first = null)
{
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (ImagePart Part, string Id)> _pictures = new(StringComparer.Ordinal);

    /// <summary>The relationship to an address outside. The address is one of <see cref="Rendering.LinkTarget"/>: http, https or mailto, nothing else.</summary>
    public string Link(string target)
    {
        if (!_links.TryGetValue(target, out var id))
        {
            id = $"link{_links.Count + 1}";
            part.AddHyperlinkRelationship(new Uri(target), isExternal: true, id);
            _links.Add(target, id);
        }

        return id;
    }

    /// <summary>The relationship to a picture, which the package holds once.</summary>
    public string Picture(string name, BookImage image)
    {
        if (!_pictures.TryGetValue(name, out var known))
        {
            var id = $"picture{_pictures.Count + 1}";
            known = (first?.Shared(name) is { } shared ? part.AddPart(shared, id) : Add(image, id), id);
            _pictures.Add(name, known);
        }

        return known.Id;
    }

    private ImagePart Add(BookImage image, string id)
    {
        var picture = part.AddNewPart<ImagePart>(image.MediaType, id);
        using var stream = picture.GetStream(FileMode.Create);
        stream.Write(image.Content.Span);
        return picture;
    }

    private ImagePart? Shared(string name) => _pictures.TryGetValue(name, out var known) ? known.Part : null;
}
