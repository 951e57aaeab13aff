namespace Lekhika.Bench.Engine;

/// <summary>
/// A run as the Api queued it, to be queued again any number of times at once: every row that the submission wrote, whatever tables and
/// columns this version has, under new ids, going round all users.
/// </summary>
internal sealed class RunTemplate
{
    private const string Table = "engine_executions";

    private readonly EngineSystem _system;
    private readonly string _engine;
    private readonly IReadOnlyList<(string Table, string Row)> _rows;

    private RunTemplate(EngineSystem system, string engine, IReadOnlyList<(string Table, string Row)> rows)
    {
        _system = system;
        _engine = engine;
        _rows = rows;
    }

    /// <summary>Submits a run and notes what that wrote. No worker may be running yet: it would change the rows.</summary>
    public static async Task<RunTemplate> CaptureAsync(EngineSystem system, string engine, byte[] order)
    {
        var id = await system.Api.SubmitAsync(engine, order);
        var children = await system.Database.ListAsync<string>("""
            SELECT c.oid::regclass::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'execution_id'
            WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace
            """);
        var rows = new List<(string, string)>();
        foreach (var table in children.Prepend(Table))
        {
            var found = await system.Database.ListAsync<string>($"SELECT to_jsonb(t)::text FROM {table} t WHERE {(table == Table ? "id" : "execution_id")} = $1", id);
            rows.AddRange(found.Select(row => (table, row)));
        }

        return new RunTemplate(system, engine, rows);
    }

    /// <summary>Queues so many in one transaction, so that none can be claimed before all are there.</summary>
    public async Task<RunSet> QueueAsync(int count)
    {
        var users = _system.Api.Users;
        // Time-ordered, like the Api's.
        var ids = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7()).ToArray();
        var owners = Enumerable.Range(0, count).Select(copy => users[copy % users.Count]).ToList();
        object[] keys = [ids, owners.Select(user => user.Id).ToArray(), owners.Select(user => user.Engines[_engine]).ToArray()];
        await _system.Database.ExecuteAsync(_rows.Select(row => (Insert(row.Table), (object[])[.. keys, row.Row])));
        return new RunSet(_system.Database, ids);
    }

    /// <summary>Names that a table does not have are ignored by jsonb_populate_record.</summary>
    private static string Insert(string table) => $"""
        INSERT INTO {table}
        SELECT made.* FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS copy (id, user_id, user_engine_id), jsonb_populate_record(NULL::{table}, $4::jsonb || jsonb_build_object(
            'id', {(table == Table ? "copy.id" : "gen_random_uuid()")}, 'execution_id', copy.id, 'user_id', copy.user_id, 'user_engine_id', copy.user_engine_id,
            'created_at', clock_timestamp(), 'queued_at', clock_timestamp())) AS made
        """;
}
