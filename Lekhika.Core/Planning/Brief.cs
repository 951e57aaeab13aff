using System.Text.Json.Serialization;

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
    IReadOnlyDictionary<string, string> Values);
