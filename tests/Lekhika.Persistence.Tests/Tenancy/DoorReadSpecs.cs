using Lekhika.Testing.Runs;
using Npgsql;

namespace Lekhika.Persistence.Tests.Tenancy;

/// <summary>What a door reads grows with what is due, never with what there has been: 2,000 old runs, each with its batch and its file.</summary>
public sealed class DoorReadSpecs : IAsyncLifetime
{
    private const string Old = """
        WITH copies AS (
            INSERT INTO engine_executions (id, user_id, user_engine_id, workflow_version_id, title, formats, status, finished_at)
            SELECT gen_random_uuid(), user_id, user_engine_id, workflow_version_id, title, formats, 'completed', now() FROM engine_executions, generate_series(1, 2000)
            RETURNING id, user_id
        ), batches AS (
            INSERT INTO ai_batches (id, execution_id, user_id, provider_id, provider, provider_name, model, calls, state, deadline, provider_batch_id, ended_at)
            SELECT gen_random_uuid(), id, user_id, gen_random_uuid(), 'openai', 'openai', 'm', 1, 'ended', now(), 'b', now() FROM copies
            RETURNING id, execution_id, user_id
        ), calls AS (
            INSERT INTO ai_batch_calls (id, execution_id, user_id, node_id, item, generation, provider_id, provider, provider_name, model, inputs, deadline, state, batch_id, settled_at)
            SELECT gen_random_uuid(), execution_id, user_id, 'writer', 1, 1, gen_random_uuid(), 'openai', 'openai', 'm', '\x00', now(), 'taken', id, now() FROM batches
        ), jobs AS (
            INSERT INTO export_jobs (id, execution_id, user_id, order_no, format, uses_pages, status, settings)
            SELECT gen_random_uuid(), id, user_id, 1, 'txt', false, 'succeeded', '{}' FROM copies
            RETURNING id, execution_id, user_id
        ), objects AS (
            INSERT INTO file_objects (id, user_id, export_job_id, attempt, bucket, key, kept) SELECT gen_random_uuid(), user_id, id, 1, 'books', 'files/a', true FROM jobs
            RETURNING id, export_job_id
        ), made AS (
            INSERT INTO files (id, export_job_id, execution_id, user_id, format, name, media_type, bytes, sha256, object_id)
            SELECT gen_random_uuid(), j.id, j.execution_id, j.user_id, 'txt', 'a.txt', 'text/plain', 1, '\x00', o.id FROM jobs j JOIN objects o ON o.export_job_id = j.id
            RETURNING id, user_id
        )
        INSERT INTO file_contents (file_id, user_id, content) SELECT id, user_id, '\x00' FROM made
        """;

    private Stores _stores = null!;

    public async Task InitializeAsync()
    {
        _stores = await Stores.StartAsync();
        await QueuedRun.InsertAsync(_stores.Database);
        await _stores.Database.ExecuteAsync(Old);
        await _stores.Database.ExecuteAsync("VACUUM ANALYZE");
    }

    public async Task DisposeAsync() => await _stores.DisposeAsync();

    [Fact]
    public async Task Batches_that_are_due_are_claimed_without_those_that_are_over()
    {
        await _stores.Database.ExecuteAsync("UPDATE ai_batches SET state = 'open', ended_at = NULL WHERE id IN (SELECT id FROM ai_batches LIMIT 3)");
        (await ReadAsync(_stores.Database.Worker, "claim_batches('w', 10, '1 minute')", answers: 3)).ShouldBeLessThan(100);
    }

    [Fact]
    public async Task Runs_that_rest_for_a_batch_are_looked_at_without_the_calls_of_others()
    {
        await _stores.Database.ExecuteAsync("""
            INSERT INTO ai_batch_calls (id, execution_id, user_id, node_id, item, generation, provider_id, provider, provider_name, model, inputs, deadline, request)
            SELECT gen_random_uuid(), id, user_id, 'writer', n, 2, gen_random_uuid(), 'openai', 'openai', 'm', '\x00', now(), '{}'
            FROM (SELECT * FROM engine_executions WHERE status = 'completed' LIMIT 50) e, generate_series(1, 10) n
            """);
        await _stores.Database.ExecuteAsync("UPDATE engine_executions SET status = 'paused', waits_for_batch = true WHERE id IN (SELECT execution_id FROM ai_batch_calls WHERE settled_at IS NULL)");
        (await ReadAsync(_stores.Database.Worker, "batch_rests_over(10)", answers: 0)).ShouldBeLessThan(300);
    }

    [Fact]
    public async Task Old_files_are_removed_without_a_look_at_the_others()
    {
        await _stores.Database.ExecuteAsync("UPDATE files SET created_at = now() - interval '400 days' WHERE id IN (SELECT id FROM files LIMIT 5)");
        (await ReadAsync(_stores.Database.Exporter, "remove_files('365 days', 0, 100)", answers: 5)).ShouldBeLessThan(200);
    }

    /// <summary>Rows that a door reads of all tables.</summary>
    private static async Task<long> ReadAsync(string service, string door, long answers)
    {
        await using var source = service.Contains("lekhika_worker", StringComparison.Ordinal) ? Stores.WorkerSource(service) : Stores.Source(service);
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var ask = new NpgsqlCommand($"SELECT count(*) FROM {door}", connection, transaction);
        (await ask.ExecuteScalarAsync()).ShouldBe(answers);
        await using var read = new NpgsqlCommand("SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::bigint FROM pg_stat_xact_user_tables", connection, transaction);
        return (await read.ExecuteScalarAsync()).ShouldBeOfType<long>();
    }
}
