using Lekhika.Core;
using Lekhika.Core.Exports;
using Lekhika.Core.Exports.Pictures;
using Lekhika.Core.Manuscripts;
using Lekhika.Persistence.Runs;
using Lekhika.Persistence.Tenancy;

namespace Lekhika.Persistence.Exports;

/// <summary>All that an exporter needs to make one file.</summary>
/// <param name="Pages">JSON of the page map of this order's PDF, when it succeeded.</param>
/// <param name="Order">Which order of the run it belongs to, from 1.</param>
public sealed record ExportJob(
    ExportLease Lease, Guid ExecutionId, ExportFormat Format, ExportSettings Settings, string? TraceParent, string? Pages, Manuscript Manuscript, int Order = 1)
{
    /// <summary>The pictures that the manuscript names; their bytes are read one by one (<see cref="ExportLoader.PictureAsync"/>).</summary>
    public IReadOnlyList<RunPicture> Pictures { get; init; } = [];

    /// <summary>Illustrations for which the book has no chapter.</summary>
    public int UnplacedPictures { get; init; }
}

/// <summary>Reads claimed export jobs.</summary>
public sealed class ExportLoader(TenantDatabase database)
{
    /// <summary>The job with its manuscript, the pictures at their places but without bytes, in one round trip; null when it is held no longer.</summary>
    public async Task<ExportJob?> LoadAsync(ExportLease lease, CancellationToken cancellationToken)
    {
        await using var batch = database.For(lease.UserId);
        await using var reader = await batch
            .Add("""
                SELECT j.execution_id, j.format, j.settings::text, e.traceparent, pdf.pages::text,
                       b.id, b.title, b.subtitle, b.author, b.language, b.description, b.ai_service, b.completed_at, b.colophon::text, j.order_no
                FROM export_jobs j
                JOIN engine_executions e ON e.id = j.execution_id
                JOIN books b ON b.id = coalesce(j.book_id, (SELECT n.id FROM books n WHERE n.execution_id = j.execution_id ORDER BY n.version DESC LIMIT 1))
                LEFT JOIN export_jobs pdf ON pdf.execution_id = j.execution_id AND pdf.order_no = j.order_no AND pdf.format = 'pdf'
                WHERE j.id = $1 AND j.attempt = $2 AND j.status = 'running'
                """, Sql.Value(lease.JobId), Sql.Value(lease.Attempt))
            .Add("""
                SELECT c.number, c.title, c.content, c.version
                FROM export_jobs j
                JOIN books b ON b.id = coalesce(j.book_id, (SELECT n.id FROM books n WHERE n.execution_id = j.execution_id ORDER BY n.version DESC LIMIT 1))
                CROSS JOIN jsonb_to_recordset(b.chapters) AS r (number int, version int)
                JOIN chapter_versions c ON c.execution_id = j.execution_id AND c.number = r.number AND c.version = r.version
                WHERE j.id = $1
                ORDER BY c.number
                """, Sql.Value(lease.JobId))
            .Add("""
                SELECT a.id, a.kind = 'cover', a.node_id, a.item, a.generation = max(a.generation) OVER (PARTITION BY a.node_id, a.item),
                       a.sha256, a.media_type, a.bytes, a.width, a.height, a.alt_text, a.provider || ':' || a.model, a.created_at
                FROM export_jobs j JOIN assets a ON a.execution_id = j.execution_id
                WHERE j.id = $1
                """, Sql.Value(lease.JobId))
            .ReadAsync(cancellationToken);
        var jobs = await reader.RowsAsync(row => new ExportJob(
            lease,
            row.GetGuid(0),
            ExportFormat.Find(row.GetString(1))!,
            Json.Read<ExportSettings>(row.GetString(2)),
            row.Text(3),
            row.Text(4),
            new Manuscript(
                new BookMetadata(
                    row.GetGuid(5), row.GetString(6), row.Text(7), row.GetString(8), row.GetString(9), row.Text(10), row.GetString(11),
                    row.GetFieldValue<DateTimeOffset>(12)),
                [],
                Json.Read<List<string>>(row.GetString(13))),
            row.GetInt32(14)), cancellationToken);
        if (jobs is not [var job])
        {
            return null;
        }

        var chapters = await reader.RowsAsync(
            row => MarkdownReader.ReadChapter(row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetInt32(3)), cancellationToken);
        var pictures = await reader.RowsAsync(
            row => new RunPicture(
                row.GetGuid(0), row.GetBoolean(1), row.GetString(2), row.GetInt32(3), row.GetBoolean(4), row.GetFieldValue<byte[]>(5), row.GetString(6), row.GetInt32(7), row.GetInt32(8), row.GetInt32(9),
                row.GetString(10), $"Made by the model {row.GetString(11)}.", row.GetDateTime(12)),
            cancellationToken);
        var placed = PicturePlaces.Place(BookMatter.Apply(job.Manuscript with { Chapters = chapters }, job.Settings), pictures);
        return job with { Manuscript = placed.Manuscript, Pictures = placed.Pictures, UnplacedPictures = placed.Unplaced };
    }

    /// <summary>A picture's bytes as they are kept; null when it is not the run's, or gone.</summary>
    public async Task<byte[]?> PictureAsync(ExportJob job, RunPicture picture, CancellationToken cancellationToken)
    {
        await using var batch = database.For(job.Lease.UserId);
        var rows = await batch
            .Add("SELECT c.content FROM assets a JOIN asset_contents c ON c.user_id = a.user_id AND c.sha256 = a.sha256 WHERE a.id = $1 AND a.execution_id = $2", Sql.Value(picture.Id), Sql.Value(job.ExecutionId))
            .ListAsync(row => row.GetFieldValue<byte[]>(0), cancellationToken);
        return rows.SingleOrDefault();
    }
}
