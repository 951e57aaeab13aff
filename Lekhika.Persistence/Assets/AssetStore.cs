using Lekhika.Core.Executions;
using Lekhika.Persistence.Runs;
using Lekhika.Persistence.Tenancy;
using Lekhika.Persistence.Views;
using Npgsql;
using NpgsqlTypes;

namespace Lekhika.Persistence.Assets;

/// <summary>A picture without its bytes. Neither ever changes.</summary>
/// <param name="Kind">image or cover.</param>
/// <param name="MediaType">As the bytes say.</param>
/// <param name="Provider">The key of <c>keyName:modelId</c>.</param>
/// <param name="Licence">A sentence about what may be done with it.</param>
public sealed record Asset(
    Guid Id,
    StepKey Step,
    string Kind,
    byte[] Sha256,
    string MediaType,
    int Bytes,
    int Width,
    int Height,
    string Prompt,
    string AltText,
    string Provider,
    string Model,
    string Licence,
    DateTime CreatedAt)
{
    /// <summary>Most bytes that the pictures of one run have together. Whoever makes one looks before it is paid for, so those that are made at the same time may go beyond it.</summary>
    public const long MostBytesOfRun = 500 * 1024 * 1024;
}

/// <summary>Pictures that steps have made.</summary>
public sealed class AssetStore(TenantDatabase database)
{
    private const string Columns = "id, node_id, item, generation, kind, sha256, media_type, bytes, width, height, prompt, alt_text, provider, model, licence, created_at";

    // Who holds the run no longer writes nothing.
    private const string Insert = $"""
        WITH run AS (
            SELECT id FROM engine_executions WHERE id = $1 AND attempt = $3 AND status IN ('running', 'stopping')
        ), content AS (
            INSERT INTO asset_contents (user_id, sha256, content) SELECT $2, $8, $18 FROM run ON CONFLICT (user_id, sha256) DO NOTHING
        )
        INSERT INTO assets (id, execution_id, user_id, node_id, item, generation, kind, sha256, media_type, bytes, width, height, prompt, alt_text, provider, model, licence)
        SELECT $19, run.id, $2, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17 FROM run
        ON CONFLICT (execution_id, node_id, item, generation) DO NOTHING
        RETURNING {Columns}
        """;

    /// <summary>What a step has made already; null when it has made nothing.</summary>
    public async Task<Asset?> OfStepAsync(RunLease lease, StepKey step, CancellationToken cancellationToken)
    {
        await using var batch = database.For(lease.UserId);
        var rows = await batch.Add(
            $"SELECT {Columns} FROM assets WHERE execution_id = $1 AND node_id = $2 AND item = $3 AND generation = $4",
            Sql.Value(lease.ExecutionId), Sql.Value(step.NodeId), Sql.Value(step.Item), Sql.Value(step.Generation)).ListAsync(Read, cancellationToken);
        return rows.SingleOrDefault();
    }

    /// <summary>The bytes of all pictures of a run, of every generation.</summary>
    public async Task<long> BytesAsync(RunLease lease, CancellationToken cancellationToken)
    {
        await using var batch = database.For(lease.UserId);
        var rows = await batch.Add("SELECT coalesce(sum(bytes), 0) FROM assets WHERE execution_id = $1", Sql.Value(lease.ExecutionId)).ListAsync(row => row.GetInt64(0), cancellationToken);
        return rows.Single();
    }

    /// <summary>Keeps a picture, its bytes once however many runs of the tenant have them; null when another worker holds the run.</summary>
    public async Task<Asset?> AddAsync(RunLease lease, Asset asset, byte[] content, CancellationToken cancellationToken)
    {
        await using var batch = database.For(lease.UserId);
        var rows = await batch.Add(Insert,
            Sql.Value(lease.ExecutionId), Sql.Value(lease.UserId), Sql.Value(lease.Attempt), Sql.Value(asset.Step.NodeId), Sql.Value(asset.Step.Item), Sql.Value(asset.Step.Generation),
            Sql.Value(asset.Kind), Sql.Value(asset.Sha256), Sql.Value(asset.MediaType), Sql.Value(asset.Bytes), Sql.Value(asset.Width), Sql.Value(asset.Height), Sql.Value(asset.Prompt),
            Sql.Value(asset.AltText), Sql.Value(asset.Provider), Sql.Value(asset.Model), Sql.Value(asset.Licence), Sql.Value(content), Sql.Value(asset.Id)).ListAsync(Read, cancellationToken);
        return rows.SingleOrDefault();
    }

    /// <summary>The pictures of a run, the newest first; null when the user has no such run.</summary>
    public async Task<Page<Asset>?> ListAsync(Guid userId, Guid executionId, PageRequest request, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        await using var reader = await batch
            .Add(RunExists.Question, Sql.Value(executionId))
            .Add(
                $"SELECT {Columns} FROM assets WHERE execution_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3)) ORDER BY created_at DESC, id DESC LIMIT $4",
                Sql.Value(executionId), Sql.OrNull(request.After?.CreatedAt, NpgsqlDbType.TimestampTz), Sql.OrNull(request.After?.Id, NpgsqlDbType.Uuid), Sql.Value(request.Size + 1))
            .ReadAsync(cancellationToken);
        var runs = await reader.RowsAsync(row => row.GetInt32(0), cancellationToken);
        var assets = await reader.RowsAsync(Read, cancellationToken);
        return runs.Count == 0 ? null : Page<Asset>.Of(assets, request.Size, asset => new(asset.CreatedAt, asset.Id));
    }

    /// <summary>One of the user's pictures.</summary>
    public async Task<Asset?> FindAsync(Guid userId, Guid assetId, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        var rows = await batch.Add($"SELECT {Columns} FROM assets WHERE id = $1", Sql.Value(assetId)).ListAsync(Read, cancellationToken);
        return rows.SingleOrDefault();
    }

    /// <summary>At most <paramref name="length"/> of its bytes from <paramref name="offset"/> on; empty at the end, null when it is gone.</summary>
    public async Task<byte[]?> ReadAsync(Guid userId, Asset asset, long offset, int length, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        // As of files: stored uncompressed, so that the server reads only the slice. Positions count from 1.
        var rows = await batch.Add("SELECT substring(content FROM $2 FOR $3) FROM asset_contents WHERE user_id = app_user_id() AND sha256 = $1",
            Sql.Value(asset.Sha256), Sql.Value(checked((int)offset + 1)), Sql.Value(length)).ListAsync(row => row.GetFieldValue<byte[]>(0), cancellationToken);
        return rows.SingleOrDefault();
    }

    private static Asset Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), new StepKey(row.GetString(1), row.GetInt32(2), row.GetInt32(3)), row.GetString(4), row.GetFieldValue<byte[]>(5), row.GetString(6), row.GetInt32(7), row.GetInt32(8),
        row.GetInt32(9), row.GetString(10), row.GetString(11), row.GetString(12), row.GetString(13), row.GetString(14), row.GetDateTime(15));
}
