using System.Text.RegularExpressions;
using Lekhika.Core.Executions.Submissions;

namespace Lekhika.Core.Exports;

/// <summary>What settings of files may say; the same at every door at which they come in.</summary>
public static partial class SettingRules
{
    private const int MaxLine = 300;
    private const int MaxMatter = 40;
    private const int MaxMatterText = 100_000;
    private const int MaxParts = 50;
    private const int MaxSubjects = 20;

    /// <summary>Every fault of settings; empty when they are good, or absent.</summary>
    public static IEnumerable<FieldFault> Faults(ExportSettings? settings) =>
        settings is null ? [] : [.. OfType(settings), .. OfPrint(settings.Print), .. OfEdition(settings.Edition), .. OfMatter("frontMatter", settings.FrontMatter), .. OfMatter("backMatter", settings.BackMatter), .. OfParts(settings.Parts)];

    private static IEnumerable<FieldFault> OfType(ExportSettings settings)
    {
        if (settings.Theme is { } theme && Theme.Find(theme) is null)
        {
            yield return new("theme", $"The themes are {string.Join(", ", Theme.All.Select(known => known.Id))}.");
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

        if (settings.BodyFontSize is not (null or (>= 8 and <= 16)))
        {
            yield return new("bodyFontSize", "A body font size is 8 to 16 points.");
        }

        if (settings.LineHeight is not (null or (>= 1 and <= 2.5)))
        {
            yield return new("lineHeight", "A line height is 1 to 2.5.");
        }

        if (settings.ParagraphSpacing is not (null or (>= 0 and <= 24)))
        {
            yield return new("paragraphSpacing", "A paragraph spacing is 0 to 24 points.");
        }

        if (settings.AccentColour is { } colour && !Colour().IsMatch(colour))
        {
            yield return new("accentColour", "A colour is #rrggbb, such as #1a365d.");
        }

        if (settings.SceneOrnament is { } ornament && (ornament.Length > 12 || ornament.Any(char.IsControl)))
        {
            yield return new("sceneOrnament", "A scene ornament has at most 12 characters, on one line.");
        }

        if (settings.TextWidth is not (null or 0 or (>= 40 and <= 120)))
        {
            yield return new("textWidth", "A text width is 40 to 120 characters, or 0.");
        }
    }

    private static IEnumerable<FieldFault> OfPrint(PrintSettings? print)
    {
        if (print is { Bleed: not (>= 0 and <= 10) })
        {
            yield return new("print.bleed", "A bleed is 0 to 10 millimetres.");
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
                yield return new($"edition.{field}", $"It has at most {MaxLine} characters, on one line.");
            }
        }

        if (edition.Subjects is { } subjects && (subjects.Count > MaxSubjects || !subjects.All(subject => subject is not null && IsLine(subject))))
        {
            yield return new("edition.subjects", $"There are at most {MaxSubjects} subjects, each with at most {MaxLine} characters on one line.");
        }
    }

    private static IEnumerable<FieldFault> OfMatter(string field, IReadOnlyList<MatterSettings>? sections)
    {
        if (sections is null)
        {
            yield break;
        }

        if (sections.Count > MaxMatter)
        {
            yield return new(field, $"There are at most {MaxMatter} sections.");
            yield break;
        }

        for (var i = 0; i < sections.Count; i++)
        {
            if (sections[i] is not { } section || !Enum.IsDefined(section.Kind))
            {
                yield return new($"{field}[{i}].kind", "It is one of the kinds of sections.");
                continue;
            }

            if (string.IsNullOrWhiteSpace(section.Text) || section.Text.Length > MaxMatterText)
            {
                yield return new($"{field}[{i}].text", $"A section has 1 to {MaxMatterText} characters.");
            }

            if (section.Title is { } title && !IsLine(title))
            {
                yield return new($"{field}[{i}].title", $"A title has at most {MaxLine} characters, on one line.");
            }
        }
    }

    private static IEnumerable<FieldFault> OfParts(IReadOnlyList<PartSettings>? parts)
    {
        if (parts is null)
        {
            yield break;
        }

        if (parts.Count > MaxParts || parts.Any(part => part is null || part.FirstChapter < 1 || (part.Title is { } title && !IsLine(title))))
        {
            yield return new("parts", $"There are at most {MaxParts} parts, each with a first chapter from 1 and a title of at most {MaxLine} characters on one line.");
        }
        else if (parts.Zip(parts.Skip(1)).Any(pair => pair.Second.FirstChapter <= pair.First.FirstChapter))
        {
            yield return new("parts", "Each part begins with a later chapter than the one before it.");
        }
    }

    private static bool IsLine(string text) => text.Length <= MaxLine && !text.Any(char.IsControl);

    [GeneratedRegex("^#[0-9a-fA-F]{6}$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Colour();
}
