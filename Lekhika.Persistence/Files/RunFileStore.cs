using Lekhika.Core;
using Lekhika.Core.Exports;
using Lekhika.Persistence.Tenancy;
using Lekhika.Persistence.Views;
using NpgsqlTypes;

namespace Lekhika.Persistence.Files;

/// <summary>A file of a run, with what it was made of.</summary>
/// <param name="Order">Of the run: 1 for the files that the run made itself, then one more each time files were ordered.</param>
/// <param name="BookVersion">The version of the book that it holds; null in files of before there were versions.</param>
public sealed record RunFile(StoredFile File, string Format, int Order, int? BookVersion, ExportSettings Settings);

/// <summary>All files of runs, the removed ones included.</summary>
public sealed class RunFileStore(TenantDatabase database)
{
    /// <summary>The files of a run, the newest first; null when the user has no such run.</summary>
    public async Task<Page<RunFile>?> ListAsync(Guid userId, Guid executionId, PageRequest request, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        await using var reader = await batch
            .Add(RunExists.Question, Sql.Value(executionId))
            .Add("""
                SELECT f.id, f.name, f.media_type, f.bytes, f.sha256, f.created_at, f.removed_at, f.format, j.order_no, b.version, j.settings::text
                FROM files f JOIN export_jobs j ON j.id = f.export_job_id LEFT JOIN books b ON b.id = j.book_id
                WHERE f.execution_id = $1 AND ($2::timestamptz IS NULL OR (f.created_at, f.id) < ($2, $3))
                ORDER BY f.created_at DESC, f.id DESC LIMIT $4
                """, Sql.Value(executionId), Sql.OrNull(request.After?.CreatedAt, NpgsqlDbType.TimestampTz), Sql.OrNull(request.After?.Id, NpgsqlDbType.Uuid), Sql.Value(request.Size + 1))
            .ReadAsync(cancellationToken);
        var runs = await reader.RowsAsync(row => row.GetInt32(0), cancellationToken);
        var files = await reader.RowsAsync(row => new RunFile(
            new StoredFile(row.GetGuid(0), executionId, row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetFieldValue<byte[]>(4), row.GetDateTime(5), RemovedAt: row.Nullable<DateTime>(6)),
            row.GetString(7), row.GetInt32(8), row.Nullable<int>(9), Json.Read<ExportSettings>(row.GetString(10))), cancellationToken);
        return runs.Count == 0 ? null : Page<RunFile>.Of(files, request.Size, file => new(file.File.CreatedAt, file.File.Id));
    }
}
