using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lekhika.Core.Executions.Submissions;
using Lekhika.Core.Manuscripts;

namespace Lekhika.Core.Exports;

/// <summary>What settings of files may say; the same at every door at which they come in.</summary>
public static partial class SettingRules
{
    /// <summary>The settings that are chosen from a list; JSON may bring a number that stands for none.</summary>
    private static readonly PropertyInfo[] Choices = [.. typeof(ExportSettings).GetProperties().Where(property => Nullable.GetUnderlyingType(property.PropertyType)?.IsEnum == true)];

    /// <summary>Every fault of settings; empty when they are good, or absent.</summary>
    public static IEnumerable<FieldFault> Faults(ExportSettings? settings) =>
        settings is null ? [] : [.. OfChoices(settings), .. OfType(settings), .. OfPrint(settings.Print), .. OfEdition(settings.Edition), .. OfMatter("frontMatter", settings.FrontMatter), .. OfMatter("backMatter", settings.BackMatter), .. OfParts(settings.Parts)];

    private static IEnumerable<FieldFault> OfChoices(ExportSettings settings) =>
        from choice in Choices
        let value = choice.GetValue(settings)
        where value is not null && !Enum.IsDefined(value.GetType(), value)
        select new FieldFault(JsonNamingPolicy.CamelCase.ConvertName(choice.Name), $"It is one of {Words(value.GetType())}.");

    private static IEnumerable<FieldFault> OfType(ExportSettings settings)
    {
        if (settings.Theme is { } theme && Theme.Find(theme) is null && Theme.OwnId(theme) is null)
        {
            yield return new("theme", $"The themes are {string.Join(", ", Theme.All.Select(known => known.Id))}, or the id of one of yours.");
        }

        if (settings.PageSize is { } size && PageSize.Find(size) is null)
        {
            yield return new("pageSize", $"The page sizes are {string.Join(", ", PageSize.Named.Select(known => known.Name))}, or width and height in millimetres of {PageSize.Edges.Least} to {PageSize.Edges.Most} such as 150x220.");
        }

        foreach (var (field, font) in new[] { ("bodyFont", settings.BodyFont), ("headingFont", settings.HeadingFont) })
        {
            if (font is not null && BookFont.Find(font) is null)
            {
                yield return new(field, $"The typefaces are {string.Join(", ", BookFont.All.Select(known => known.Name))}.");
            }
        }

        if (!SettingLimits.BodyFontSize.Has(settings.BodyFontSize))
        {
            yield return new("bodyFontSize", "A body font size is 8 to 16 points.");
        }

        if (!SettingLimits.LineHeight.Has(settings.LineHeight))
        {
            yield return new("lineHeight", "A line height is 1 to 2.5.");
        }

        if (!SettingLimits.ParagraphSpacing.Has(settings.ParagraphSpacing))
        {
            yield return new("paragraphSpacing", "A paragraph spacing is 0 to 24 points.");
        }

        if (settings.AccentColour is { } colour && !Colour().IsMatch(colour))
        {
            yield return new("accentColour", "A colour is #rrggbb, such as #1a365d.");
        }

        if (settings.SceneOrnament is { } ornament && (ornament.Length > SettingLimits.SceneOrnament || !IsPrintable(ornament)))
        {
            yield return new("sceneOrnament", $"A scene ornament has at most {SettingLimits.SceneOrnament} characters, on one line.");
        }

        if (settings.TextWidth != 0 && !SettingLimits.TextWidth.Has(settings.TextWidth))
        {
            yield return new("textWidth", "A text width is 40 to 120 characters, or 0.");
        }
    }

    private static IEnumerable<FieldFault> OfPrint(PrintSettings? print)
    {
        if (!SettingLimits.Bleed.Has(print?.Bleed))
        {
            yield return new("print.bleed", "A bleed is 0 to 10 millimetres.");
        }

        if (print?.Paper is { } paper && !Enum.IsDefined(paper))
        {
            yield return new("print.paper", $"It is one of {Words(typeof(Paper))}.");
        }
    }

    private static IEnumerable<FieldFault> OfEdition(EditionSettings? edition)
    {
        if (edition is null)
        {
            yield break;
        }

        foreach (var (field, isbn) in new[] { ("printIsbn", edition.PrintIsbn), ("ebookIsbn", edition.EbookIsbn) })
        {
            if (isbn is not null && !Isbn.IsGood(isbn))
            {
                yield return new($"edition.{field}", "An ISBN has 13 digits, of which the last is right for the others (ISO 2108); hyphens and spaces may stand between them.");
            }
        }

        foreach (var (field, line) in new[] { ("publisher", edition.Publisher), ("edition", edition.Edition), ("copyright", edition.Copyright), ("rights", edition.Rights) })
        {
            if (line is not null && !IsLine(line))
            {
                yield return new($"edition.{field}", $"It has at most {SettingLimits.Line} characters, on one line.");
            }
        }

        if (edition.Subjects is { } subjects && (subjects.Count > SettingLimits.Subjects || !subjects.All(subject => subject is not null && IsLine(subject))))
        {
            yield return new("edition.subjects", $"There are at most {SettingLimits.Subjects} subjects, each with at most {SettingLimits.Line} characters on one line.");
        }
    }

    private static IEnumerable<FieldFault> OfMatter(string field, IReadOnlyList<MatterSettings>? sections)
    {
        if (sections is null)
        {
            yield break;
        }

        if (sections.Count > SettingLimits.Sections)
        {
            yield return new(field, $"There are at most {SettingLimits.Sections} sections.");
            yield break;
        }

        for (var i = 0; i < sections.Count; i++)
        {
            if (sections[i] is not { } section || !Enum.IsDefined(section.Kind))
            {
                yield return new($"{field}[{i}].kind", $"It is one of {Words(typeof(MatterKind))}.");
                continue;
            }

            if (string.IsNullOrWhiteSpace(section.Text) || section.Text.Length > SettingLimits.SectionText || section.Text.Contains('\0', StringComparison.Ordinal))
            {
                yield return new($"{field}[{i}].text", $"A section has 1 to {SettingLimits.SectionText} characters, none of them U+0000.");
            }

            if (section.Title is { } title && !IsLine(title))
            {
                yield return new($"{field}[{i}].title", $"A title has at most {SettingLimits.Line} characters, on one line.");
            }
        }
    }

    private static IEnumerable<FieldFault> OfParts(IReadOnlyList<PartSettings>? parts)
    {
        if (parts is null)
        {
            yield break;
        }

        if (parts.Count > SettingLimits.Parts || parts.Any(part => part is null || part.FirstChapter < 1 || (part.Title is { } title && !IsLine(title))))
        {
            yield return new("parts", $"There are at most {SettingLimits.Parts} parts, each with a first chapter from 1 and a title of at most {SettingLimits.Line} characters on one line.");
        }
        else if (parts.Zip(parts.Skip(1)).Any(pair => pair.Second.FirstChapter <= pair.First.FirstChapter))
        {
            yield return new("parts", "Each part begins with a later chapter than the one before it.");
        }
    }

    private static string Words(Type choice) => string.Join(", ", Enum.GetNames(choice).Select(JsonNamingPolicy.CamelCase.ConvertName));

    private static bool IsLine(string text) => text.Length <= SettingLimits.Line && IsPrintable(text);

    /// <summary>Whether every character can stand in a file: no control, no non-character, no half of a surrogate pair (XML 1.0 §2.2).</summary>
    private static bool IsPrintable(string text) =>
        text.EnumerateRunes().All(rune => !Rune.IsControl(rune) && (rune.Value & 0xFFFE) != 0xFFFE && rune.Value is not (>= 0xFDD0 and <= 0xFDEF))
        && string.Concat(text.EnumerateRunes()) == text;

    [GeneratedRegex(@"^#[0-9a-fA-F]{6}\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Colour();
}
