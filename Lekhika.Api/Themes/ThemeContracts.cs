using System.ComponentModel;
using System.Text.Json.Serialization;
using FluentValidation;
using Lekhika.Core.Exports;
using Lekhika.Persistence.Themes;

namespace Lekhika.Api.Themes;

/// <summary>A theme of one's own; replaces what was there.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PutThemeRequest(
    [property: Description("1 to 100 characters; each of your themes has another.")] string? Name = null,
    [property: Description("What it is good for; at most 500 characters.")] string? Description = null,
    [property: Description("The id of a theme that comes with Lekhika, over which this one stands; trade-paperback when absent.")] string? BaseTheme = null,
    [property: Description("How it differs: settings of files without theme, edition, frontMatter, backMatter and parts.")] ExportSettings? Settings = null)
{
    /// <summary>What is asked for; of a request without faults.</summary>
    [JsonIgnore]
    public OwnTheme Theme => new(Name!.Trim(), Description?.Trim() ?? "", BaseTheme ?? Core.Exports.Theme.Default.Id, Settings ?? new());
}

/// <summary>A theme.</summary>
/// <param name="Id">As settings name it.</param>
/// <param name="BuiltIn">Whether it comes with Lekhika; all others are yours.</param>
/// <param name="BaseTheme">The theme over which it stands; null for those that come with Lekhika.</param>
/// <param name="Settings">How it differs from that; null likewise.</param>
/// <param name="Design">All of what a book has with it.</param>
/// <param name="UpdatedAt">Null for those that come with Lekhika.</param>
internal sealed record ThemeAnswer(
    string Id, string Name, string Description, bool BuiltIn, string? BaseTheme, ExportSettings? Settings, BookDesign Design, DateTime? CreatedAt, DateTime? UpdatedAt)
{
    public ThemeAnswer(Theme theme)
        : this(theme.Id, theme.Name, theme.Description, true, null, null, theme.Design, null, null)
    {
    }

    public ThemeAnswer(StoredTheme theme)
        : this(theme.Id.ToString(), theme.Name, theme.Description, false, theme.Settings.Theme, theme.Settings with { Theme = null }, BookDesign.Of(theme.Settings), theme.CreatedAt, theme.UpdatedAt)
    {
    }
}

/// <summary>The themes that come with Lekhika, then your own by name.</summary>
internal sealed record ThemeList(IReadOnlyList<ThemeAnswer> Themes);

internal sealed class PutThemeRequestValidator : AbstractValidator<PutThemeRequest>
{
    public PutThemeRequestValidator() => RuleFor(request => request).Custom((request, context) =>
    {
        foreach (var fault in OwnTheme.Faults(request.Name, request.Description, request.BaseTheme, request.Settings))
        {
            context.AddFailure(fault.Field, fault.Message);
        }
    });
}
