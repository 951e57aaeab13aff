using System.Globalization;

namespace Lekhika.Core.Exports.Provenance;

/// <summary>A manifest in a few paragraphs for the colophon, in the book's language (English where we have no better).</summary>
public static class ProvenanceNote
{
    private static readonly Dictionary<string, Words> ByLanguage = new(StringComparer.OrdinalIgnoreCase)
    {
        ["en"] = new("Text: {0}.", "Pictures: {0}.", "Prompts: {0}.", "the product’s own", "{0}, version {1}", "Edited by people: chapters {0}.", "People said {0} times what should be different.", "No chapter was edited by a person.", "The manifest of its making is kept with run {0} under the SHA-256 {1}."),
        ["de"] = new("Text: {0}.", "Bilder: {0}.", "Prompts: {0}.", "die des Produkts", "{0}, Fassung {1}", "Von Menschen bearbeitet: Kapitel {0}.", "Menschen sagten {0}-mal, was anders sein soll.", "Kein Kapitel wurde von einem Menschen bearbeitet.", "Das Verzeichnis der Herkunft liegt beim Lauf {0} unter dem SHA-256 {1}."),
        ["es"] = new("Texto: {0}.", "Imágenes: {0}.", "Instrucciones: {0}.", "las del producto", "{0}, versión {1}", "Editados por personas: capítulos {0}.", "Se indicó {0} veces qué debía cambiar.", "Ninguna persona editó los capítulos.", "El manifiesto de procedencia se guarda con la ejecución {0} con el SHA-256 {1}."),
        ["fr"] = new("Texte : {0}.", "Images : {0}.", "Consignes : {0}.", "celles du produit", "{0}, version {1}", "Modifiés par des personnes : chapitres {0}.", "Des personnes ont dit {0} fois ce qui devait changer.", "Aucun chapitre n’a été modifié par une personne.", "Le manifeste de sa fabrication est conservé avec l’exécution {0} sous le SHA-256 {1}."),
    };

    /// <summary>One string a paragraph.</summary>
    public static IReadOnlyList<string> Of(ProvenanceManifest manifest, ManifestText text)
    {
        var words = ByLanguage.GetValueOrDefault(manifest.Book.Language.Split('-')[0]) ?? ByLanguage["en"];
        var drawn = manifest.Pictures.Select(picture => picture.Model).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        List<string> wrote = [.. manifest.Models.Select(model => model.Name).Except(drawn)];
        List<string> paragraphs = [];
        Add(words.Text, wrote);
        Add(words.Pictures, drawn);
        Add(words.Prompts, manifest.Prompts.Versions.Count == 0
            ? [words.Own]
            : [.. manifest.Prompts.Versions.OrderBy(version => version.Key, StringComparer.Ordinal).Select(version => Fill(words.Version, version.Key, version.Value.ToString(CultureInfo.InvariantCulture)))]);
        paragraphs.Add(manifest.People.Edited.Count > 0 ? Fill(words.Edited, string.Join(", ", manifest.People.Edited)) : words.Unedited);
        if (manifest.People.Guidance > 0)
        {
            paragraphs.Add(Fill(words.Guided, manifest.People.Guidance.ToString(CultureInfo.InvariantCulture)));
        }

        // In groups, so that a narrow page can break it.
        paragraphs.Add(Fill(words.Kept, manifest.Book.ExecutionId.ToString(), string.Join(' ', text.Hash.Chunk(16).Select(group => new string(group)))));
        return paragraphs;

        void Add(string sentence, List<string> names)
        {
            if (names.Count > 0)
            {
                paragraphs.Add(Fill(sentence, string.Join("; ", names)));
            }
        }
    }

    private static string Fill(string sentence, string first, string second = "") => sentence.Replace("{0}", first, StringComparison.Ordinal).Replace("{1}", second, StringComparison.Ordinal);

    private sealed record Words(string Text, string Pictures, string Prompts, string Own, string Version, string Edited, string Guided, string Unedited, string Kept);
}
