using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Lekhika.Core.Exports;

namespace Lekhika.Exporter.Preflight;

/// <summary>What a page in one file needs: title and language, ids that are unique, links within it that lead somewhere, nothing that is fetched from elsewhere.</summary>
internal sealed class HtmlCheck : IFileCheck
{
    public bool Fits(ExportFormat format) => format == ExportFormat.Html;

    public async Task CheckAsync(CheckedFile file, Findings findings, CancellationToken cancellationToken)
    {
        using var document = await new HtmlParser().ParseDocumentAsync(new MemoryStream(file.Content, writable: false), cancellationToken);
        if (string.IsNullOrWhiteSpace(document.Title))
        {
            findings.Error("html_title", "The page has no title.");
        }

        if (document.DocumentElement.GetAttribute("lang") is null or "")
        {
            findings.Warning("html_language", "The page does not say which language it is in.");
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var element in document.All)
        {
            if (element.Id is { Length: > 0 } id && !ids.Add(id))
            {
                findings.Error("html_id_twice", $"The id {id} is there twice.");
            }
        }

        foreach (var link in document.QuerySelectorAll("a[href^='#']").Select(link => link.GetAttribute("href")![1..]).Where(link => link.Length > 0 && !ids.Contains(Uri.UnescapeDataString(link))).Distinct())
        {
            findings.Error("html_link", $"A link leads nowhere: #{link}");
        }

        if (document.QuerySelectorAll("img").Any(picture => !picture.HasAttribute("alt")))
        {
            findings.Warning("picture_without_words", "A picture has no words for those who do not see it.");
        }

        if (document.QuerySelectorAll("img[src], script[src], link[rel=stylesheet]").Any(element => (element.GetAttribute("src") ?? element.GetAttribute("href") ?? "") is var source && !source.StartsWith("data:", StringComparison.Ordinal)))
        {
            findings.Error("html_not_whole", "The page needs files that are not in it.");
        }
    }
}
