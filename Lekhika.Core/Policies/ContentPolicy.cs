namespace Lekhika.Core.Policies;

/// <summary>What will not be written for a user: the platform's policy and the user's own, put together.</summary>
/// <param name="Refused">Keys of categories.</param>
/// <param name="OwnWords">The user's words and phrases.</param>
/// <param name="PlatformWords">The platform's, which no message repeats.</param>
public sealed record ContentPolicy(IReadOnlySet<string> Refused, IReadOnlyList<string> OwnWords, IReadOnlyList<string> PlatformWords)
{
    /// <summary>Puts two policies together: a user forbids more than the platform and allows nothing that it forbids.</summary>
    /// <param name="platform">Null: nothing was said.</param>
    /// <param name="own">Null: nothing was said.</param>
    public static ContentPolicy Of(PolicySettings? platform, PolicySettings? own) => new(
        PolicyCategories.All
            .Where(category => !Said(platform, category.Key, category.IsAllowed) || !Said(own, category.Key, !category.IsOptIn))
            .Select(category => category.Key).Append(PolicyCategories.Minors).ToHashSet(StringComparer.Ordinal),
        own?.Words ?? [],
        platform?.Words ?? []);

    /// <summary>Whether it refuses a category.</summary>
    public bool Refuses(string category) => Refused.Contains(category);

    private static bool Said(PolicySettings? settings, string category, bool otherwise) =>
        settings?.Categories.TryGetValue(category, out var isAllowed) == true ? isAllowed : otherwise;
}
