using Lekhika.Core.Executions.Submissions;

namespace Lekhika.Core.Exports;

/// <summary>A theme of a user's own, as it is asked for: data, never code.</summary>
/// <param name="Description">May be empty.</param>
/// <param name="BaseTheme">The id of one of <see cref="Theme.All"/>: what the settings do not say is its.</param>
/// <param name="Settings">How it differs.</param>
public sealed record OwnTheme(string Name, string Description, string BaseTheme, ExportSettings Settings)
{
    /// <summary>Most characters of a name.</summary>
    public const int MaxName = 100;

    /// <summary>Most characters of a description.</summary>
    public const int MaxDescription = 500;

    /// <summary>The settings with the theme that they stand over, as they are kept.</summary>
    public ExportSettings Kept => Settings with { Theme = Theme.Find(BaseTheme)!.Id };

    /// <summary>Every fault; empty when it is good.</summary>
    public static IEnumerable<FieldFault> Faults(string? name, string? description, string? baseTheme, ExportSettings? settings)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Trim().Length > MaxName || name.Any(char.IsControl))
        {
            yield return new("name", $"A name has 1 to {MaxName} characters, on one line.");
        }

        if (description is { Length: > MaxDescription } || description?.Any(char.IsControl) == true)
        {
            yield return new("description", $"A description has at most {MaxDescription} characters, on one line.");
        }

        if (baseTheme is not null && Theme.Find(baseTheme) is null)
        {
            yield return new("baseTheme", $"A theme stands over one of those that come with Lekhika: {string.Join(", ", Theme.All.Select(theme => theme.Id))}.");
        }

        foreach (var (field, isSaid, message) in OfOneBook(settings))
        {
            if (isSaid)
            {
                yield return new($"settings.{field}", message);
            }
        }

        foreach (var fault in SettingRules.Faults(settings))
        {
            yield return fault with { Field = $"settings.{fault.Field}" };
        }
    }

    private static IEnumerable<(string Field, bool IsSaid, string Message)> OfOneBook(ExportSettings? settings)
    {
        const string Message = "This belongs to one book and not to a theme.";
        yield return ("theme", settings?.Theme is not null, "Say in baseTheme which theme it stands over.");
        yield return ("edition", settings?.Edition is not null, Message);
        yield return ("frontMatter", settings?.FrontMatter is not null, Message);
        yield return ("backMatter", settings?.BackMatter is not null, Message);
        yield return ("parts", settings?.Parts is not null, Message);
    }
}
