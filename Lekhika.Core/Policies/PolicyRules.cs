using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Lekhika.Core.Policies;

/// <summary>
/// Finds what a policy refuses by words and phrases. These know no meaning: they catch what is said in so many words, in English but for users' own
/// lists, and are kept so special that a murder, a war, a love story or a medical text passes. They miss whatever is said otherwise, in another
/// language or letter by letter, and they can be wrong about a quotation. Where more is needed a provider's moderation model is asked besides.
/// </summary>
public static class PolicyRules
{
    private static readonly Lazy<IReadOnlyList<PolicyPhrase>> Shipped = new(() =>
        [.. PolicyCategories.All.Select(category => category.Key).Append(PolicyCategories.Minors).SelectMany(RuleTexts.Read)]);

    private static readonly ConditionalWeakTable<ContentPolicy, PhraseFinder> Finders = [];
    private static readonly ConcurrentDictionary<string, PhraseFinder> Wordless = new(StringComparer.Ordinal);

    /// <summary>The first finding in a text; null when there is none. Takes time as the text is long.</summary>
    public static PolicyFinding? Find(string text, ContentPolicy policy) => Finders.GetValue(policy, Finder).Find(text);

    /// <summary>The first finding in the texts of a JSON value and in the names of its members; null when there is none.</summary>
    public static PolicyFinding? Find(JsonElement value, ContentPolicy policy)
    {
        foreach (var text in Texts(value))
        {
            if (Find(text, policy) is { } finding)
            {
                return finding;
            }
        }

        return null;
    }

    /// <summary>The texts of a JSON value, and the names of its members.</summary>
    public static IEnumerable<string> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Texts),
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => Texts(member.Value).Prepend(member.Name)),
        _ => [],
    };

    /// <summary>Most policies have no words of their own, and there are few of those: each is made once.</summary>
    private static PhraseFinder Finder(ContentPolicy policy) => policy is { OwnWords.Count: 0, PlatformWords.Count: 0 }
        ? Wordless.GetOrAdd(string.Join(' ', policy.Refused.Order(StringComparer.Ordinal)), static (_, policy) => Made(policy), policy)
        : Made(policy);

    private static PhraseFinder Made(ContentPolicy policy) => new(
        Shipped.Value.Where(phrase => policy.Refuses(phrase.Finding.Category))
            .Concat(policy.PlatformWords.Select(word => new PolicyPhrase(word, false, new(PolicyCategories.PlatformWords))))
            .Concat(policy.OwnWords.Select(word => new PolicyPhrase(word, false, new(PolicyCategories.OwnWords, word)))));
}
