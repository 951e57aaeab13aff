using System.Globalization;
using Lekhika.Core.Exports.Provenance;
using Lekhika.Exporter.Rendering;

namespace Lekhika.Exporter.Jobs;

/// <summary>A manifest in a few paragraphs for the colophon, in the book's language (English where we have no better).</summary>
internal static class ProvenanceNote
{
    /// <summary>One string a paragraph.</summary>
    /// <param name="address">Where the manifest is; null: the run and the hash are told instead.</param>
    public static IReadOnlyList<string> Of(ProvenanceManifest manifest, ManifestText text, string? address)
    {
        var words = BookWording.For(manifest.Book.Language).Provenance;
        var drawn = manifest.Pictures.Select(picture => picture.Model).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        List<string> wrote = [.. manifest.Models.Select(model => model.Name).Except(drawn)];
        List<string> prompts =
        [
            .. manifest.Prompts.Versions.OrderBy(version => version.Key, StringComparer.Ordinal)
                .Select(version => Fill(words.VersionFormat, version.Key, version.Value.ToString(CultureInfo.InvariantCulture))),
        ];
        string?[] paragraphs =
        [
            Listed(words.TextFormat, "; ", wrote),
            Listed(words.PicturesFormat, "; ", drawn),
            Listed(words.PromptsFormat, "; ", prompts.Count == 0 ? [words.OwnPrompts] : prompts),
            Listed(words.EditedFormat, ", ", manifest.People.Edited) ?? words.Unedited,
            manifest.People.Guidance == 0 ? null : Fill(words.GuidedFormat, manifest.People.Guidance.ToString(CultureInfo.InvariantCulture)),
            address is null ? Fill(words.KeptFormat, manifest.Book.ExecutionId.ToString(), Grouped(text.Hash)) : Fill(words.KeptAtFormat, address),
        ];
        return [.. paragraphs.OfType<string>()];
    }

    private static string? Listed<T>(string sentence, string separator, IReadOnlyCollection<T> items) => items.Count == 0 ? null : Fill(sentence, string.Join(separator, items));

    /// <summary>In groups, so that a narrow page can break it.</summary>
    private static string Grouped(string hash) => string.Join(' ', hash.Chunk(16).Select(group => new string(group)));

    private static string Fill(string sentence, string first, string second = "") => sentence.Replace("{1}", second, StringComparison.Ordinal).Replace("{0}", first, StringComparison.Ordinal);
}
