using Lekhika.Core.Exports;

namespace Lekhika.Core.Policies;

/// <summary>What of a text is refused.</summary>
/// <param name="Category">One of <see cref="PolicyCategories"/>.</param>
/// <param name="Phrase">The phrase of the user's own list; null for every other rule, which is not repeated.</param>
public sealed record PolicyFinding(string Category, string? Phrase = null)
{
    /// <summary>What it is, for a sentence to people.</summary>
    public string What => Phrase is null ? PolicyCategories.What(Category) : $"{PolicyCategories.What(Category)} ('{Phrase}')";
}

/// <summary>A text of a request that is refused.</summary>
/// <param name="Field">As clients call it.</param>
public sealed record ContentRefusal(string Field, PolicyFinding Finding)
{
    /// <summary>What is wrong and what to do.</summary>
    public string Message => $"The text of '{Field}' asks for what is not written here: {Finding.What}. Change the text, or the content policy where it is yours.";

    /// <summary>The first text that the policy refuses; null when there is none.</summary>
    /// <param name="texts">By the field in which each stands.</param>
    public static ContentRefusal? Find(ContentPolicy policy, params ReadOnlySpan<(string Field, string? Text)> texts)
    {
        foreach (var (field, text) in texts)
        {
            if (text is not null && PolicyRules.Find(text, policy) is { } finding)
            {
                return new(field, finding);
            }
        }

        return null;
    }

    /// <summary>The first value of a brief's form that the policy refuses, or whose name it does; null when there is none.</summary>
    public static ContentRefusal? Find(ContentPolicy policy, Planning.Brief brief)
    {
        foreach (var (name, value) in brief.Values)
        {
            if (Find(policy, (name, value), (name, name)) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    /// <summary>The first text of a book's files that the policy refuses: of a section, a title, an edition.</summary>
    /// <param name="field">As clients call the settings.</param>
    public static ContentRefusal? Find(ContentPolicy policy, ExportSettings? settings, string field)
    {
        if (settings is null)
        {
            return null;
        }

        var edition = settings.Edition;
        (string, string?)[] texts =
        [
            .. Sections($"{field}.frontMatter", settings.FrontMatter),
            .. Sections($"{field}.backMatter", settings.BackMatter),
            .. (settings.Parts ?? []).Select((part, at) => ($"{field}.parts[{at}].title", part.Title)),
            ($"{field}.edition.publisher", edition?.Publisher), ($"{field}.edition.edition", edition?.Edition),
            ($"{field}.edition.copyright", edition?.Copyright), ($"{field}.edition.rights", edition?.Rights),
            .. (edition?.Subjects ?? []).Select((subject, at) => ($"{field}.edition.subjects[{at}]", (string?)subject)),
        ];
        return Find(policy, texts);
    }

    private static IEnumerable<(string Field, string? Text)> Sections(string field, IReadOnlyList<MatterSettings>? sections) =>
        (sections ?? []).SelectMany((section, at) => new[] { ($"{field}[{at}].title", section.Title), ($"{field}[{at}].text", section.Text) });
}
