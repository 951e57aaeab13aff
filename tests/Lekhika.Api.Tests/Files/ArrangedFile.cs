using Lekhika.Api.Tests.Runs;

namespace Lekhika.Api.Tests.Files;

/// <summary>Files of a run, put into the database by the administrator as an exporter writes them.</summary>
internal static class ArrangedFile
{
    /// <summary>A file of an order, its bytes in the database.</summary>
    public static async Task<Guid> FileAsync(this ArrangedRun run, byte[] content, int order = 1, string format = "pdf", string name = "The-Salt-Cartographer.pdf", string settings = """{"pageSize": "A5"}""")
    {
        var id = Guid.CreateVersion7();
        await run.ExecuteAsync("""
            INSERT INTO export_jobs (id, execution_id, user_id, order_no, format, uses_pages, settings, status, finished_at, book_id)
            SELECT $2, $1, e.user_id, $3, $4, false, $5::jsonb, 'succeeded', now(), (SELECT b.id FROM books b WHERE b.execution_id = $1 ORDER BY version DESC LIMIT 1)
            FROM engine_executions e WHERE e.id = $1
            """, id, order, format, settings);
        await run.ExecuteAsync("""
            INSERT INTO files (id, export_job_id, execution_id, user_id, format, name, media_type, bytes, sha256)
            SELECT $2, $2, $1, e.user_id, $3, $4, 'application/pdf', octet_length($5::bytea), sha256($5) FROM engine_executions e WHERE e.id = $1
            """, id, format, name, content);
        await run.ExecuteAsync("INSERT INTO file_contents (file_id, user_id, content) SELECT $2, e.user_id, $3 FROM engine_executions e WHERE e.id = $1", id, content);
        return id;
    }
}
