using System.IO.Compression;
using System.Xml;
using System.Xml.Linq;
using Lekhika.Core.Exports;

namespace Lekhika.Exporter.Preflight;

/// <summary>What every reading system needs of an EPUB 3 (W3C): the container, a whole manifest, a reading order, contents, ids that are unique, links that lead somewhere.</summary>
internal sealed class EpubStructureCheck : IFileCheck
{
    private static readonly XNamespace Opf = "http://www.idpf.org/2007/opf";
    private static readonly XNamespace Dc = "http://purl.org/dc/elements/1.1/";
    private static readonly XNamespace Container = "urn:oasis:names:tc:opendocument:xmlns:container";

    /// <summary>EPUB 3.2, "Core Media Types": what every reading system shows. WebP came with 3.3.</summary>
    private static readonly HashSet<string> CoreMediaTypes =
    [
        "image/gif", "image/jpeg", "image/png", "image/svg+xml", "audio/mpeg", "audio/mp4", "text/css", "font/ttf", "font/otf", "font/woff", "font/woff2",
        "application/font-sfnt", "application/vnd.ms-opentype", "application/font-woff", "application/xhtml+xml", "application/javascript", "application/x-dtbncx+xml", "application/smil+xml", "application/pls+xml", "text/javascript",
    ];

    public bool Fits(ExportFormat format) => format == ExportFormat.Epub;

    public Task CheckAsync(CheckedFile file, Findings findings, CancellationToken cancellationToken)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(file.Content, writable: false), ZipArchiveMode.Read);
            Mimetype(file.Content, findings);
            if (Load(zip, "META-INF/container.xml", findings)?.Descendants(Container + "rootfile").FirstOrDefault()?.Attribute("full-path")?.Value is not { } path)
            {
                findings.Error("epub_container", "The EPUB's container does not say where its package is.", "META-INF/container.xml");
            }
            else if (Load(zip, path, findings) is { Root: { } package })
            {
                Package(zip, path, package, findings, cancellationToken);
            }
        }
        catch (InvalidDataException)
        {
            findings.Error("epub_unreadable", "The file is no ZIP archive, or a damaged one.");
        }

        return Task.CompletedTask;
    }

    /// <summary>OCF 3.2, "OCF ZIP Container Media Type Identification": first, stored, without an extra field.</summary>
    private static void Mimetype(byte[] content, Findings findings)
    {
        var says = "mimetypeapplication/epub+zip"u8;
        if (content.Length < 30 + says.Length || content[8] != 0 || content[9] != 0 || content[26] != 8 || content[28] != 0 || content[29] != 0 || !content.AsSpan(30, says.Length).SequenceEqual(says))
        {
            findings.Error("epub_mimetype", "The archive does not begin with its media type, stored as it is.", "mimetype");
        }
    }

    private static void Package(ZipArchive zip, string path, XElement package, Findings findings, CancellationToken cancellationToken)
    {
        var folder = path.Contains('/', StringComparison.Ordinal) ? path[..(path.LastIndexOf('/') + 1)] : "";
        if (package.Attribute("version")?.Value is not { } version || !version.StartsWith('3'))
        {
            findings.Error("epub_version", "The package is not one of EPUB 3.", path);
        }

        foreach (var needed in new[] { Dc + "identifier", Dc + "title", Dc + "language" })
        {
            if (package.Descendants(needed).All(element => string.IsNullOrWhiteSpace(element.Value)))
            {
                findings.Error("epub_metadata", $"The package names no {needed.LocalName}.", path);
            }
        }

        if (package.Descendants(Dc + "identifier").All(element => element.Attribute("id")?.Value != package.Attribute("unique-identifier")?.Value))
        {
            findings.Error("epub_metadata", "The package does not say which identifier is its own.", path);
        }

        var items = package.Descendants(Opf + "item").Select(item => new Item(item.Attribute("id")?.Value ?? "", Resolve(folder, item.Attribute("href")?.Value ?? "").File, item.Attribute("media-type")?.Value ?? "", item.Attribute("properties")?.Value ?? "")).ToList();
        Ids(package, path, findings);
        var names = zip.Entries.Select(entry => entry.FullName).ToHashSet(StringComparer.Ordinal);
        foreach (var item in items.Where(item => !names.Contains(item.Path)))
        {
            findings.Error("epub_file_missing", "The manifest lists a file that is not there.", item.Path);
        }

        foreach (var item in items.Where(item => !CoreMediaTypes.Contains(item.MediaType)))
        {
            findings.Warning("epub_media_type", $"Not every reader shows {item.MediaType}.", item.Path);
        }

        var listed = items.Select(item => item.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var name in names.Where(name => name != "mimetype" && name != path && !name.StartsWith("META-INF/", StringComparison.Ordinal) && !name.EndsWith('/') && !listed.Contains(name)))
        {
            findings.Error("epub_not_in_manifest", "The manifest does not list this file.", name);
        }

        if (zip.Entries.Count != names.Count)
        {
            findings.Error("epub_twice", "A file is in the archive twice.");
        }

        var read = package.Descendants(Opf + "itemref").Select(reference => reference.Attribute("idref")?.Value).ToList();
        if (read.Count == 0 || read.Exists(id => items.TrueForAll(item => item.Id != id)))
        {
            findings.Error("epub_spine", read.Count == 0 ? "The package has no reading order." : "The reading order names what the manifest does not list.", path);
        }

        if (items.Count(item => item.Properties.Split(' ').Contains("nav")) != 1)
        {
            findings.Error("epub_nav", "The manifest does not say which file has the contents.", path);
        }

        Links([.. items.Where(item => item.MediaType == "application/xhtml+xml" && names.Contains(item.Path))], zip, listed, findings, cancellationToken);
    }

    private static void Links(List<Item> pages, ZipArchive zip, HashSet<string> listed, Findings findings, CancellationToken cancellationToken)
    {
        Dictionary<string, HashSet<string>> ids = new(StringComparer.Ordinal);
        List<(string From, string Link)> links = [];
        foreach (var page in pages)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Load(zip, page.Path, findings)?.Root is not { } root)
            {
                continue;
            }

            ids[page.Path] = Ids(root, page.Path, findings);
            links.AddRange(root.Descendants().Attributes().Where(attribute => attribute.Name.LocalName is "href" or "src" && !attribute.Value.Contains(':', StringComparison.Ordinal)).Select(attribute => (page.Path, attribute.Value)));
            if (root.Descendants().Any(element => element.Name.LocalName == "img" && element.Attribute("alt") is null))
            {
                findings.Warning("picture_without_words", "A picture has no words for those who do not see it.", page.Path);
            }
        }

        foreach (var (from, link) in links.Distinct())
        {
            var (target, fragment) = Resolve(from[..(from.LastIndexOf('/') + 1)], link);
            target = target.Length == 0 || link.StartsWith('#') ? from : target;
            if (!listed.Contains(target) || (fragment.Length > 0 && ids.TryGetValue(target, out var known) && !known.Contains(fragment)))
            {
                findings.Error("epub_link", $"A link leads nowhere: {link}", from);
            }
        }
    }

    private static HashSet<string> Ids(XElement root, string where, Findings findings)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var id in root.DescendantsAndSelf().Attributes("id"))
        {
            if (!ids.Add(id.Value))
            {
                findings.Error("epub_id_twice", $"The id {id.Value} is there twice.", where);
            }
        }

        return ids;
    }

    private static XDocument? Load(ZipArchive zip, string path, Findings findings)
    {
        if (zip.GetEntry(path) is not { } entry)
        {
            findings.Error("epub_file_missing", "A file that every EPUB has is not there.", path);
            return null;
        }

        try
        {
            using var reader = XmlReader.Create(entry.Open(), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
            return XDocument.Load(reader);
        }
        catch (XmlException error)
        {
            findings.Error("epub_xml", $"The file is not well-formed: line {error.LineNumber}.", path);
            return null;
        }
    }

    /// <summary>The path in the archive to which a relative reference leads, and its fragment.</summary>
    private static (string File, string Fragment) Resolve(string folder, string reference)
    {
        var parts = reference.Split('#', 2);
        var path = new List<string>();
        foreach (var part in $"{folder}{Uri.UnescapeDataString(parts[0])}".Split('/'))
        {
            if (part == ".." && path.Count > 0)
            {
                path.RemoveAt(path.Count - 1);
            }
            else if (part is not ("." or ".."))
            {
                path.Add(part);
            }
        }

        return (parts[0].Length == 0 ? "" : string.Join('/', path), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }

    private sealed record Item(string Id, string Path, string MediaType, string Properties);
}
