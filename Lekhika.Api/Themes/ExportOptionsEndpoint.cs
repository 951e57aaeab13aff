using System.Text.Json;
using Lekhika.Api.Auth;
using Lekhika.Api.Http;
using Lekhika.Core.Exports;
using Lekhika.Core.Exports.Forms;
using Lekhika.Core.Manuscripts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lekhika.Api.Themes;

/// <summary>Of what forms for settings are built.</summary>
internal static class ExportOptionsEndpoint
{
    public static void MapExportOptions(this IEndpointRouteBuilder app) =>
        app.MapOwn("/v1/export-options").WithTags("Themes and settings").MapGet("", Get).WithName("getExportOptions").WithSummary("What may be asked of a book's files")
            .WithDescription("Formats, themes, page sizes, typefaces, the words of each choice, limits, and the variables of a run's form that say something of the files.")
            .RequireScope(Scopes.ModelsRead);

    private static Ok<ExportOptions> Get() => TypedResults.Ok(ExportOptions.All);
}

/// <summary>What may be asked of a book's files.</summary>
/// <param name="Formats">In the order in which they are made.</param>
/// <param name="Themes">Those that come with Lekhika, the default first; GET /v1/themes has each one's design, and yours.</param>
/// <param name="PageSizes">Those that have a name; any other is width and height in millimetres such as 150x220.</param>
/// <param name="Fonts">The typefaces of texts and headings.</param>
/// <param name="Choices">The words of each setting that is chosen from a list.</param>
/// <param name="Limits">From where to where figures go.</param>
/// <param name="FormVariables">The names that are read from a run's form, by setting; of several the first with a value counts.</param>
internal sealed record ExportOptions(
    IReadOnlyList<FormatOption> Formats,
    IReadOnlyList<ThemeOption> Themes,
    IReadOnlyList<PageSize> PageSizes,
    IReadOnlyList<BookFont> Fonts,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Choices,
    ExportLimits Limits,
    IReadOnlyList<IReadOnlyList<string>> FormVariables)
{
    public static ExportOptions All { get; } = new(
        [.. ExportFormat.Known.Select(format => new FormatOption(format.Key, format.Name, format.MediaType))],
        [.. Theme.All.Select(theme => new ThemeOption(theme.Id, theme.Name, theme.Description))],
        PageSize.Named,
        BookFont.All,
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
        {
            ["pageMargins"] = Words<PageMargins>(),
            ["headingScale"] = Words<HeadingScale>(),
            ["alignment"] = Words<TextAlignment>(),
            ["colours"] = Words<ColourScheme>(),
            ["chapterOpening"] = Words<ChapterOpening>(),
            ["chapterLabel"] = Words<ChapterLabel>(),
            ["aboutAuthorPosition"] = Words<AboutAuthorPosition>(),
            ["print.paper"] = Words<Paper>(),
            ["frontMatter.kind"] = Words<MatterKind>(),
            ["backMatter.kind"] = Words<MatterKind>(),
        },
        new(
            SettingLimits.PageEdge, SettingLimits.BodyFontSize, SettingLimits.LineHeight, SettingLimits.ParagraphSpacing, SettingLimits.TextWidth, SettingLimits.Bleed,
            SettingLimits.SceneOrnament, SettingLimits.Line, SettingLimits.Subjects, SettingLimits.Sections, SettingLimits.SectionText, SettingLimits.Parts),
        FormSettings.Spellings);

    private static IReadOnlyList<string> Words<T>()
        where T : struct, Enum => [.. Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName)];
}

/// <summary>A format that a book can be had in.</summary>
internal sealed record FormatOption(string Key, string Name, string MediaType);

/// <summary>A theme that comes with Lekhika.</summary>
internal sealed record ThemeOption(string Id, string Name, string Description);

/// <summary>How much settings may ask for.</summary>
/// <param name="PageEdge">Width and height of a page, in millimetres.</param>
/// <param name="BodyFontSize">In points.</param>
/// <param name="LineHeight">In sizes of the type.</param>
/// <param name="ParagraphSpacing">In points.</param>
/// <param name="TextWidth">Characters a line of plain text; 0 besides.</param>
/// <param name="Bleed">In millimetres.</param>
/// <param name="SceneOrnament">Most characters.</param>
/// <param name="Line">Most characters of a title, a publisher and the like.</param>
/// <param name="Subjects">Most of them.</param>
/// <param name="Sections">Most before the chapters, and behind them.</param>
/// <param name="SectionText">Most characters of one.</param>
/// <param name="Parts">Most of them.</param>
internal sealed record ExportLimits(
    SettingRange PageEdge, SettingRange BodyFontSize, SettingRange LineHeight, SettingRange ParagraphSpacing, SettingRange TextWidth, SettingRange Bleed,
    int SceneOrnament, int Line, int Subjects, int Sections, int SectionText, int Parts);
