using System.Text.Json.Serialization;
using Lekhika.Core.Exports;
using Lekhika.Core.Exports.Forms;

namespace Lekhika.Core.Planning;

/// <summary>
/// What the client asked for, read and checked once from the form's values (<see cref="BriefReader"/>): the numbers that
/// the rest of the run obeys stand here, never in a model's answer.
/// </summary>
/// <param name="Subtitle">Written even when it is null: a record is read only when nothing of it is missing.</param>
/// <param name="Premise">The idea in the client's own words; may be long and is never trusted as instructions.</param>
/// <param name="WordCount">Words asked of the whole book.</param>
/// <param name="Values">Every value of the form, as sent, by its variable.</param>
public sealed record Brief(
    string Title,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Subtitle,
    string Author,
    string Genre,
    string Audience,
    string Tone,
    string Style,
    string Language,
    string Premise,
    int ChapterCount,
    int WordCount,
    long Seed,
    IReadOnlyDictionary<string, string> Values)
{
    // Variables of the title page and of the files: what is written does not depend on them.
    private static readonly HashSet<string> OfTheFiles = new(["author_name", "author", "output_formats", "formats", "seed", .. FormSettings.Variables], StringComparer.Ordinal);

    /// <summary>The brief as those who plan and write see it: another author's name or another font changes nothing that they do.</summary>
    public Brief ForWriting() => this with
    {
        Author = "",
        Values = Values.Where(value => !OfTheFiles.Contains(value.Key)).OrderBy(value => value.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal),
    };
}
