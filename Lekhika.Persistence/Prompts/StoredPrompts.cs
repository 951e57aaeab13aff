using Lekhika.Core.Prompts;
using Lekhika.Persistence.Tenancy;
using Npgsql;

namespace Lekhika.Persistence.Prompts;

/// <summary>Statements that read texts of <c>prompt_templates</c>; every tenant sees all of them.</summary>
internal static class StoredPrompts
{
    /// <summary>The newest version of each kind.</summary>
    public const string InForce = "SELECT DISTINCT ON (kind) kind, version, system_text, task_text FROM prompt_templates ORDER BY kind, version DESC";

    /// <summary>Those that a run ($1) has.</summary>
    public const string OfRun = """
        SELECT t.kind, t.version, t.system_text, t.task_text
        FROM engine_executions e CROSS JOIN jsonb_each_text(e.prompt_versions) v JOIN prompt_templates t ON t.kind = v.key AND t.version = v.value::int
        WHERE e.id = $1
        """;

    /// <summary>Those of the versions by kind ($1).</summary>
    public const string OfVersions = """
        SELECT t.kind, t.version, t.system_text, t.task_text FROM jsonb_each_text($1) v JOIN prompt_templates t ON t.kind = v.key AND t.version = v.value::int
        """;

    public static PromptTemplate Read(NpgsqlDataReader row) => new(row.GetString(0), row.GetInt32(1), row.Text(2), row.Text(3));
}
