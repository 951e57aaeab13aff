namespace Lekhika.Core.Workflows;

/// <summary>What a node is and what it may do: deny by default, by key, never by label.</summary>
/// <param name="CanWrite">May return chapters.</param>
/// <param name="CanEditStructure">May return outlines and the order of the book.</param>
/// <param name="CanProofread">May return new versions of chapters.</param>
/// <param name="MaxTokens">Most tokens of one answer; 0 when the role asks no model.</param>
public sealed record NodeRole(
    string Key,
    NodeType Type,
    bool CanWrite,
    bool CanEditStructure,
    bool CanProofread,
    string OutputKind,
    int MaxTokens,
    float Temperature)
{
    /// <summary>The 31 roles, by key.</summary>
    public static IReadOnlyDictionary<string, NodeRole> All { get; } = new[]
    {
        Data("universal_input", NodeType.Input, "structured_input", 0, 0),
        Data("story_input", NodeType.Input, "story_structured_input", 0, 0),
        Data("business_input", NodeType.Input, "business_structured_input", 0, 0),
        Data("researcher", NodeType.Process, "research_data", 3000, 0.3f),
        Data("market_analyst", NodeType.Process, "market_data", 2500, 0.4f),
        Data("fact_checker", NodeType.Process, "verification_report", 2000, 0.2f),
        Data("world_builder", NodeType.Process, "world_data", 4000, 0.7f),
        Data("character_developer", NodeType.Process, "character_data", 3500, 0.6f),
        Data("plot_architect", NodeType.Process, "plot_data", 3000, 0.5f),
        Writer("content_writer", "book_content", 8000, 0.7f),
        Writer("technical_writer", "technical_content", 7000, 0.5f),
        Writer("copywriter", "persuasive_content", 6000, 0.6f),
        Structure("story_outliner", "story_outline"),
        Structure("narrative_architect", "narrative_outline"),
        Structure("content_architect", "content_outline"),
        Structure("end_to_end_polisher", "polished_content"),
        new("editor", NodeType.Process, false, true, true, "edited_content", 6000, 0.3f),
        new("quality_checker", NodeType.Process, false, false, true, "quality_report", 2000, 0.2f),
        new("proofreader", NodeType.Process, false, false, true, "proofreading_report", 1500, 0.1f),
        Data("preference_router", NodeType.Condition, "routing_decision", 0, 0),
        Data("content_type_router", NodeType.Condition, "workflow_decision", 0, 0),
        Data("quality_gate", NodeType.Condition, "quality_gate_decision", 1000, 0.2f),
        Data("chapter_previewer", NodeType.Preview, "preview_feedback", 0, 0),
        Data("content_previewer", NodeType.Preview, "section_preview_feedback", 0, 0),
        Data("final_previewer", NodeType.Preview, "final_preview_document", 0, 0),
        Data("audiobook_previewer", NodeType.Preview, "audio_preview_with_feedback", 5000, 0.5f),
        Data("output_processor", NodeType.Output, "final_deliverables", 0, 0),
        Data("audiobook_output", NodeType.Output, "audiobook_chunks", 15000, 0.5f),
        Data("multi_format_output", NodeType.Output, "multi_format_package", 0, 0),
        Data("image_generator", NodeType.Process, "image_metadata", 500, 0.8f),
        Data("ecover_generator", NodeType.Process, "cover_metadata", 500, 0.8f),
    }.ToDictionary(role => role.Key);

    private static NodeRole Data(string key, NodeType type, string kind, int maxTokens, float temperature) =>
        new(key, type, false, false, false, kind, maxTokens, temperature);

    private static NodeRole Writer(string key, string kind, int maxTokens, float temperature) =>
        new(key, NodeType.Process, true, false, false, kind, maxTokens, temperature);

    private static NodeRole Structure(string key, string kind) => new(key, NodeType.Process, false, true, false, kind, 3000, 0.7f);
}
