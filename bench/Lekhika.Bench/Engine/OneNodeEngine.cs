namespace Lekhika.Bench.Engine;

/// <summary>The smallest engine: one input node that asks no model, so that a run is nothing but the queue's own work.</summary>
internal static class OneNodeEngine
{
    public const string Key = "bench-one-node";

    private const string Workflow = """
        {"nodes": [{"id": "input-1", "type": "input", "position": {"x": 0, "y": 0}, "data": {"label": "Input", "role": "story_input", "aiEnabled": false}}], "edges": []}
        """;

    /// <summary>
    /// Adds it as a default master engine: whoever registers after that has a copy. It is the book's with other values, whatever columns this
    /// version has.
    /// </summary>
    public static Task InstallAsync(EngineDatabase database) => database.ExecuteAsync("""
        WITH version AS (
            INSERT INTO workflow_versions
            SELECT (jsonb_populate_record(v, jsonb_build_object('id', gen_random_uuid(), 'definition', $1::jsonb))).*
            FROM ai_engines e JOIN workflow_versions v ON v.id = e.workflow_version_id WHERE e.key = 'book'
            RETURNING id
        )
        INSERT INTO ai_engines
        SELECT (jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid(), 'key', $2::text, 'name', 'One node', 'workflow_version_id', version.id))).*
        FROM ai_engines e, version WHERE e.key = 'book'
        """, Workflow, Key);
}
