using Lekhika.Core;
using Lekhika.Core.Exports;
using Lekhika.Core.Planning;
using Lekhika.Core.Workflows;
using Lekhika.Testing.Servers;

namespace Lekhika.Testing.Runs;

/// <summary>A run as the Api queues it, put into the database by the administrator: for tests of what comes after.</summary>
public sealed record QueuedRun(TestDatabase Database, Guid Id, Guid UserId, Brief Brief)
{
    /// <summary>Queues a run of the default book engine, or of <paramref name="workflow"/>, for a user of its own.</summary>
    public static async Task<QueuedRun> InsertAsync(
        TestDatabase database, int chapters = 3, int words = 1_500, string[]? formats = null, WorkflowDefinition? workflow = null, string? traceParent = null, int? economyHours = null)
    {
        var brief = new Brief("The Lamplighter's Map", null, "A. Tester", "fantasy", "adults", "warm", "narrative", "en", "Mira looks for the Lantern City.", chapters, words, 42, new Dictionary<string, string>(StringComparer.Ordinal));
        var run = new QueuedRun(database, Guid.CreateVersion7(), Guid.CreateVersion7(), brief);
        await database.ExecuteAsync("""
            INSERT INTO users (id, email, password_hash, level_id) SELECT $1, $2, 'x', id FROM levels WHERE key = 'starter'
            """, run.UserId, $"{run.UserId:N}@example.org");
        await database.ExecuteAsync("""
            WITH version AS (
                INSERT INTO workflow_versions (id, user_id, definition)
                SELECT gen_random_uuid(), $2, coalesce(nullif($3, '')::jsonb, w.definition) FROM ai_engines e JOIN workflow_versions w ON w.id = e.workflow_version_id WHERE e.key = 'book'
                RETURNING id
            ), engine AS (
                INSERT INTO user_engines (id, user_id, engine_id, workflow_version_id, name)
                SELECT gen_random_uuid(), $2, e.id, version.id, 'Book' FROM ai_engines e, version WHERE e.key = 'book'
                RETURNING id
            ), run AS (
                INSERT INTO engine_executions (id, user_id, user_engine_id, workflow_version_id, title, formats, last_seq, traceparent, economy_hours)
                SELECT $1, $2, engine.id, version.id, $4, $5, 1, nullif($6, ''), nullif($9, 0) FROM engine, version
            ), input AS (
                INSERT INTO execution_inputs (execution_id, user_id, brief, settings) VALUES ($1, $2, $7::jsonb, $8::jsonb)
            )
            INSERT INTO execution_events (execution_id, seq, user_id, type) VALUES ($1, 1, $2, 'run.submitted')
            """,
            run.Id, run.UserId, workflow is null ? "" : Json.Write(workflow), brief.Title, formats ?? ["txt"], traceParent ?? "", Json.Write(brief), Json.Write(new ExportSettings()), economyHours ?? 0);
        return run;
    }

    /// <summary>Waits until the run has one of these states (words of the database).</summary>
    public Task UntilAsync(string status, TimeSpan? within = null) =>
        Database.UntilAsync("SELECT status = $2 FROM engine_executions WHERE id = $1", [Id, status], within);

    /// <summary>Waits until so many chapters are durable.</summary>
    public Task UntilChaptersAsync(int count, TimeSpan? within = null) =>
        Database.UntilAsync("SELECT count(*) >= $2 FROM chapter_versions WHERE execution_id = $1", [Id, count], within);

    /// <summary>One value about the run; $1 is its id.</summary>
    public Task<T?> AskAsync<T>(string sql) => Database.AskAsync<T>(sql, Id);

    /// <summary>The book's text: every chapter's newest version, in order.</summary>
    public async Task<string> TextAsync() => await AskAsync<string>("""
        SELECT string_agg(number || '. ' || title || E'\n\n' || content, E'\n\n' ORDER BY number)
        FROM (SELECT DISTINCT ON (number) * FROM chapter_versions WHERE execution_id = $1 ORDER BY number, version DESC) newest
        """) ?? "";

    /// <summary>The types of the journal's events in order; fails when a number is missing or given twice.</summary>
    public async Task<IReadOnlyList<string>> JournalAsync()
    {
        var types = await AskAsync<string[]>("SELECT array_agg(type ORDER BY seq) FROM execution_events WHERE execution_id = $1") ?? [];
        var whole = await AskAsync<bool>("""
            SELECT e.last_seq = count(*) AND min(j.seq) = 1 AND max(j.seq) = count(*)
            FROM engine_executions e JOIN execution_events j ON j.execution_id = e.id WHERE e.id = $1 GROUP BY e.id
            """);
        return whole ? types : throw new InvalidOperationException($"The journal has a gap: {string.Join(", ", types)}");
    }
}
