using Lekhika.Core.Manuscripts;

namespace Lekhika.Core.Exports.Forms;

/// <summary>Settings that a form's values ask for, or what is wrong with these by their names.</summary>
public sealed record FormSettingsReading(ExportSettings Settings, IReadOnlyDictionary<string, string[]> Errors);

/// <summary>
/// Reads the formatting variables of forms: those that the forms of the original send and its formatter read (whose names did not
/// meet there), and this version's own. Each has one meaning; a value that cannot be read is a fault, never silently without effect.
/// </summary>
public static class FormSettings
{
    private const int MaxShown = 60;

    /// <summary>In the order in which they are read: a later one stands before an earlier one that says something of the same setting.</summary>
    private static readonly FormField[] Fields =
    [
        new(["design_theme", "book_template"], $"The themes are {Names(Theme.All.Select(theme => theme.Id))}, or the id of one of yours.", (s, v) => FormWords.Theme(v) is { } theme ? s with { Theme = theme } : null),
        new(["custom_size"], "Width and height such as 7x10 (inches) or 150x220 (millimetres).", (s, v) => FormMeasures.PageSize(v) is { } size ? s with { PageSize = size } : null),
        new(["page_size", "book_size"], $"The page sizes are {Names(PageSize.Named.Select(size => size.Name))}, or width and height; custom takes custom_size.", PageSizeOrCustom),
        new(["page_margins", "margins"], "Margins are narrow, normal or wide, or a measure such as 1in.", (s, v) => FormMeasures.Margins(v) is { } margins ? s with { PageMargins = margins } : null),
        new(["typography_combo"], $"The pairs of typefaces are {Names(FormFonts.Pairs)}.", (s, v) => FormFonts.Pair(v) is { } pair ? s with { HeadingFont = pair.Heading, BodyFont = pair.Body } : null),
        new(["heading_font_family", "heading_font"], FormFonts.Known, (s, v) => FormFonts.Find(v) is { } font ? s with { HeadingFont = font } : null),
        new(["body_font_family", "body_font", "font_family"], FormFonts.Known, (s, v) => FormFonts.Find(v) is { } font ? s with { BodyFont = font } : null),
        new(["body_font_size", "font_size"], "A size in points such as 11 or 11pt.", (s, v) => FormMeasures.Points(v) is { } size ? s with { BodyFontSize = size } : null),
        new(["heading_scale"], "A scale is small, normal or large.", (s, v) => FormWords.Choice<HeadingScale>(v, ("medium", HeadingScale.Normal)) is { } scale ? s with { HeadingScale = scale } : null),
        new(["line_height"], "A line height is a number such as 1.5, or 150%.", (s, v) => FormMeasures.LineHeight(v) is { } height ? s with { LineHeight = height } : null),
        new(["paragraph_spacing"], "A space in points such as 8 or 8pt.", (s, v) => FormMeasures.Points(v) is { } space ? s with { ParagraphSpacing = space } : null),
        new(["text_align", "text_alignment"], "Text is justified, start (left) or centred.", (s, v) => FormWords.Alignment(v) is { } alignment ? s with { Alignment = alignment } : null),
        new(["colour_scheme", "color_scheme"], "The colour schemes are classic, sepia and dark.", (s, v) => FormWords.Colours(v) is { } colours ? s with { Colours = colours } : null),
        new(["accent_colour", "accent_color"], "A colour is #rrggbb, such as #1a365d.", (s, v) => s with { AccentColour = v }),
        Switch(["drop_caps"], (s, on) => s with { DropCaps = on }),
        Switch(["small_caps_lead_in"], (s, on) => s with { SmallCapsLeadIn = on }),
        new(["scene_ornament"], "What stands between scenes, at most 12 characters.", (s, v) => s with { SceneOrnament = v }),
        Switch(["hyphenate"], (s, on) => s with { Hyphenate = on }),
        new(["chapter_opening"], "Chapters open recto, nextPage or continuous.", (s, v) => FormWords.Choice<ChapterOpening>(v) is { } opening ? s with { ChapterOpening = opening } : null),
        new(["chapter_label"], "A chapter's label is full, number or none.", (s, v) => FormWords.Choice<ChapterLabel>(v) is { } label ? s with { ChapterLabel = label } : null),
        Switch(["running_heads"], (s, on) => s with { RunningHeads = on }),
        Switch(["folios", "page_numbers"], (s, on) => s with { Folios = on }),
        Switch(["include_toc", "include_contents"], (s, on) => s with { IncludeContents = on }),
        Switch(["include_title_page"], (s, on) => s with { IncludeTitlePage = on }),
        Switch(["include_cover"], (s, on) => s with { IncludeCover = on }),
        new(["about_author_position"], "The section about the author stands at the start (front), at the end (back), or nowhere (none).", (s, v) => FormWords.Position(v) is { } position ? s with { AboutAuthorPosition = position } : null),
        Switch(["include_about_author"], (s, on) => on ? s : s with { AboutAuthorPosition = AboutAuthorPosition.None }),
        Switch(["provenance_note"], (s, on) => s with { ProvenanceNote = on }),
        new(["text_width"], "Characters a line: 40 to 120, or 0.", (s, v) => int.TryParse(v, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var width) ? s with { TextWidth = width } : null),
        Section(["dedication"], MatterKind.Dedication, isFront: true),
        Section(["epigraph"], MatterKind.Epigraph, isFront: true),
        Section(["foreword"], MatterKind.Foreword, isFront: true),
        Section(["preface"], MatterKind.Preface, isFront: true),
        Section(["acknowledgements", "acknowledgments"], MatterKind.Acknowledgements, isFront: false),
        Section(["author_bio"], MatterKind.AboutTheAuthor, isFront: false),
    ];

    /// <summary>The names of one setting, by setting; of several that are sent the first with a value counts.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Spellings { get; } = [.. Fields.Select(field => field.Names)];

    /// <summary>Every variable that is read.</summary>
    public static IReadOnlyList<string> Variables { get; } = [.. Fields.SelectMany(field => field.Names)];

    /// <summary>What the values ask for. Empty ones, <c>default</c> and <c>auto</c> ask for nothing.</summary>
    public static FormSettingsReading Read(IReadOnlyDictionary<string, string> values)
    {
        var settings = new ExportSettings();
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var field in Fields)
        {
            if (Sent(values, field) is not { } name)
            {
                continue;
            }

            var value = values[name].Trim();
            var read = field.Set(settings, value);
            var fault = read is null ? field.Expected : SettingRules.Faults(read).FirstOrDefault()?.Message;
            if (fault is null)
            {
                settings = read!;
            }
            else
            {
                errors.Add(name, [$"'{(value.Length <= MaxShown ? value : value[..MaxShown] + "…")}' cannot be used here. {fault}"]);
            }
        }

        return new(settings, errors);
    }

    /// <summary>The name under which a theme was sent.</summary>
    public static string ThemeVariable(Func<string, bool> isSent) => Fields[0].Names.FirstOrDefault(isSent) ?? Fields[0].Names[0];

    /// <summary>The name under which a setting was sent; null when none of its names has a value.</summary>
    private static string? Sent(IReadOnlyDictionary<string, string> values, FormField field) =>
        field.Names.FirstOrDefault(name => values.TryGetValue(name, out var value) && value.Trim() is { Length: > 0 } text && (field.IsText || FormWords.Folded(text) is not ("default" or "auto")));

    private static FormField Switch(string[] names, Func<ExportSettings, bool, ExportSettings> set) =>
        new(names, "It is true or false.", (settings, value) => FormWords.Switch(value) is { } on ? set(settings, on) : null);

    private static FormField Section(string[] names, MatterKind kind, bool isFront) => new(names, "Send the text itself.", (settings, value) =>
    {
        // A box that is not ticked asks for no section; a ticked one says that there is one, and not what stands in it.
        if (FormWords.Switch(value) is { } ticked)
        {
            return ticked ? null : settings;
        }

        var section = new MatterSettings(kind, value);
        return isFront
            ? settings with { FrontMatter = [.. settings.FrontMatter ?? [], section] }
            : settings with { BackMatter = [.. settings.BackMatter ?? [], section] };
    })
    { IsText = true };

    private static ExportSettings? PageSizeOrCustom(ExportSettings settings, string value) =>
        FormWords.Folded(value) == "custom" ? (settings.PageSize is null ? null : settings)
        : FormMeasures.PageSize(value) is { } size ? settings with { PageSize = size } : null;

    private static string Names(IEnumerable<string> names) => string.Join(", ", names);
}

/// <summary>A variable of forms that says something of the files.</summary>
/// <param name="Names">The first is the one that is shown.</param>
/// <param name="Expected">A sentence for a value that cannot be read.</param>
/// <param name="Set">The settings with it; null when it cannot be read.</param>
internal sealed record FormField(string[] Names, string Expected, Func<ExportSettings, string, ExportSettings?> Set)
{
    /// <summary>Whether any text has a meaning of its own.</summary>
    public bool IsText { get; init; }
}
