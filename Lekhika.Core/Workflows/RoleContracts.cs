namespace Lekhika.Core.Workflows;

/// <summary>What a role takes from the nodes before it and hands to those after it.</summary>
/// <param name="Makes">The kind of its output, one of <see cref="OutputKinds"/>.</param>
/// <param name="Reads">The kinds it needs, each made by some node before it; empty when it needs none.</param>
public sealed record RoleContract(string Makes, IReadOnlyList<string> Reads);

/// <summary>The contracts of the roles that this version can run.</summary>
public static class RoleContracts
{
    // editor, audiobook_previewer and audiobook_output are left out: nothing runs them yet.
    private static readonly Dictionary<string, RoleContract> All = new (string[] Roles, string Makes, string[] Reads)[]
    {
        (["universal_input", "story_input", "business_input"], OutputKinds.Requirements, []),
        (["narrative_architect", "plot_architect"], OutputKinds.Bible, [OutputKinds.Requirements]),
        (["story_outliner", "content_architect"], OutputKinds.Outline, [OutputKinds.Requirements, OutputKinds.Bible]),
        (["content_writer", "technical_writer", "copywriter"], OutputKinds.Chapter, [OutputKinds.Bible, OutputKinds.Outline]),
        (["end_to_end_polisher"], OutputKinds.Manuscript, [OutputKinds.Requirements, OutputKinds.Outline, OutputKinds.Chapter]),
        (["output_processor", "multi_format_output"], OutputKinds.Handover, [OutputKinds.Manuscript]),
        (["researcher", "market_analyst", "fact_checker", "world_builder", "character_developer", "quality_checker", "proofreader"], OutputKinds.Report, [OutputKinds.Requirements]),
        (["image_generator"], OutputKinds.Image, [OutputKinds.Requirements]),
        (["ecover_generator"], OutputKinds.Cover, [OutputKinds.Requirements]),
        (["preference_router", "content_type_router", "quality_gate"], OutputKinds.Decision, []),
        (["chapter_previewer", "content_previewer", "final_previewer"], OutputKinds.Approval, []),
    }.SelectMany(row => row.Roles, (row, role) => (role, new RoleContract(row.Makes, row.Reads))).ToDictionary();

    /// <summary>The contract of a role of <see cref="NodeRole.All"/>; null when this version cannot run it, or does not know it.</summary>
    public static RoleContract? For(string role) => All.GetValueOrDefault(role);

    /// <summary>The roles that make a kind of output, by name; empty for a kind that nothing makes.</summary>
    public static IEnumerable<string> Makers(string kind) =>
        All.Where(role => role.Value.Makes == kind).Select(role => role.Key).Order(StringComparer.Ordinal);
}
