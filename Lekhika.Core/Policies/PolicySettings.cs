using Lekhika.Core.Executions.Submissions;

namespace Lekhika.Core.Policies;

/// <summary>What the platform, or one user, has said about content.</summary>
/// <param name="Categories">By <see cref="PolicyCategory.Key"/>: whether it may be written; the usual where it is absent.</param>
/// <param name="Words">Words and phrases that are refused.</param>
public sealed record PolicySettings(IReadOnlyDictionary<string, bool> Categories, IReadOnlyList<string> Words)
{
    /// <summary>Most words and phrases of one list.</summary>
    public const int MaxWords = 200;

    /// <summary>Most characters of a word or phrase.</summary>
    public const int MaxWordLength = 100;

    /// <summary>Nothing said.</summary>
    public static PolicySettings Empty { get; } = new(new Dictionary<string, bool>(), []);

    /// <summary>Every fault of them, by field; empty when they are good.</summary>
    public static IEnumerable<FieldFault> Faults(IReadOnlyDictionary<string, bool>? categories, IReadOnlyList<string>? words)
    {
        if (categories?.ContainsKey(PolicyCategories.Minors) == true)
        {
            yield return new("categories", "Sexual content with minors is always refused.");
        }
        else if (categories?.Keys.All(key => PolicyCategories.All.Any(known => known.Key == key)) == false)
        {
            yield return new("categories", $"The categories are {string.Join(", ", PolicyCategories.All.Select(known => known.Key))}.");
        }

        if (words is null)
        {
            yield break;
        }

        if (words.Count > MaxWords)
        {
            yield return new("words", $"A list has at most {MaxWords} words and phrases.");
        }
        else if (!words.All(word => word is { Length: <= MaxWordLength } && !word.Any(char.IsControl) && FoldedWords.Of(word).Count > 0))
        {
            yield return new("words", $"A word or phrase has 1 to {MaxWordLength} characters, on one line, and a letter or a digit among them.");
        }
    }
}
