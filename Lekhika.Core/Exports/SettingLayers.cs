using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lekhika.Core.Exports;

/// <summary>Settings that stand over one another: what the options ask for over the form's, a theme's under both.</summary>
public static class SettingLayers
{
    private static readonly string FrontMatter = Name(nameof(ExportSettings.FrontMatter));
    private static readonly string BackMatter = Name(nameof(ExportSettings.BackMatter));

    /// <summary>The settings, as JSON names them, that say how a book looks and not what it holds.</summary>
    public static IReadOnlyList<string> OfLook { get; } =
        [.. typeof(ExportSettings).GetProperties().Select(property => property.Name)
            .Except([nameof(ExportSettings.Edition), nameof(ExportSettings.FrontMatter), nameof(ExportSettings.BackMatter), nameof(ExportSettings.Parts)]).Select(Name)];

    /// <summary>What is asked for, and what is below where it is silent. A section below stays when none of its kind is asked for; before the asked ones of later kinds.</summary>
    public static ExportSettings Over(this ExportSettings asked, ExportSettings below)
    {
        var all = Object(below);
        foreach (var (name, value) in Object(asked))
        {
            all[name] = value?.DeepClone();
        }

        return Settings(all) with
        {
            FrontMatter = Sections(asked.FrontMatter, below.FrontMatter, asked),
            BackMatter = Sections(asked.BackMatter, below.BackMatter, asked),
        };
    }

    /// <summary>The settings of a run after its form has changed: what the form says otherwise than before is as it says now, the rest stays.</summary>
    /// <param name="settings">Those of the run.</param>
    /// <param name="before">What the form said (<see cref="FormSettings"/>).</param>
    /// <param name="after">What it says.</param>
    public static ExportSettings Changed(this ExportSettings settings, ExportSettings before, ExportSettings after)
    {
        var (all, old, changed) = (Object(settings), Object(before), Object(after));
        foreach (var name in old.Select(pair => pair.Key).Concat(changed.Select(pair => pair.Key)).Distinct().Except([FrontMatter, BackMatter]).ToList())
        {
            if (JsonNode.DeepEquals(old[name], changed[name]))
            {
                continue;
            }

            all.Remove(name);
            if (changed[name] is { } value)
            {
                all[name] = value.DeepClone();
            }
        }

        var gone = All(before).Except(All(after)).ToHashSet();
        var added = new ExportSettings { FrontMatter = New(before.FrontMatter, after.FrontMatter), BackMatter = New(before.BackMatter, after.BackMatter) };
        var left = Settings(all);
        return (left with { FrontMatter = Without(left.FrontMatter, gone), BackMatter = Without(left.BackMatter, gone) }).Over(added);
    }

    private static IReadOnlyList<MatterSettings>? Sections(IReadOnlyList<MatterSettings>? asked, IReadOnlyList<MatterSettings>? below, ExportSettings all)
    {
        var kinds = All(all).Select(section => section.Kind).ToHashSet();
        var sections = (asked ?? []).ToList();
        foreach (var section in (below ?? []).Where(section => !kinds.Contains(section.Kind)))
        {
            var later = sections.FindIndex(other => other.Kind > section.Kind);
            sections.Insert(later < 0 ? sections.Count : later, section);
        }

        return sections.Count == 0 ? asked : sections;
    }

    private static List<MatterSettings>? New(IReadOnlyList<MatterSettings>? before, IReadOnlyList<MatterSettings>? after) =>
        after?.Except(before ?? []).ToList() is { Count: > 0 } added ? added : null;

    private static List<MatterSettings>? Without(IReadOnlyList<MatterSettings>? sections, HashSet<MatterSettings> gone) =>
        sections?.Where(section => !gone.Contains(section)).ToList() is { Count: > 0 } left ? left : null;

    private static IEnumerable<MatterSettings> All(ExportSettings settings) => (settings.FrontMatter ?? []).Concat(settings.BackMatter ?? []);

    private static JsonObject Object(ExportSettings settings) => JsonSerializer.SerializeToNode(settings, Json.Options)!.AsObject();

    private static ExportSettings Settings(JsonObject all) => all.Deserialize<ExportSettings>(Json.Options)!;

    private static string Name(string property) => JsonNamingPolicy.CamelCase.ConvertName(property);
}
