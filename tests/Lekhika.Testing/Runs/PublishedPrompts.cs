using Lekhika.Testing.Servers;

namespace Lekhika.Testing.Runs;

/// <summary>Prompts of the platform's, put into the database by the administrator.</summary>
public static class PublishedPrompts
{
    /// <summary>Publishes the next version of a kind; a part that is null is the embedded text. Its number.</summary>
    public static async Task<int> PublishAsync(this TestDatabase database, string kind, string? system = null, string? task = null) => await database.AskAsync<int>("""
        WITH publisher AS (
            INSERT INTO users (id, email, password_hash, role, level_id) SELECT gen_random_uuid(), gen_random_uuid() || '@example.org', 'x', 'admin', id FROM levels WHERE key = 'starter' RETURNING id
        )
        INSERT INTO prompt_templates (id, kind, version, system_text, task_text, created_by)
        SELECT gen_random_uuid(), $1, 1 + coalesce((SELECT max(version) FROM prompt_templates WHERE kind = $1), 0), nullif($2, ''), nullif($3, ''), id FROM publisher
        RETURNING version
        """, kind, system ?? "", task ?? "");
}
