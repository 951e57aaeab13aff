using Npgsql;

namespace Lekhika.Persistence.Tenancy;

/// <summary>The database as one tenant sees it: every statement runs in a transaction in which <c>app.user_id</c> is set.</summary>
public sealed class TenantDatabase(NpgsqlDataSource source)
{
    /// <summary>Statements of one tenant: one round trip, one transaction, all or nothing.</summary>
    public TenantBatch For(Guid userId) => new(source.CreateBatch(), userId);
}

/// <summary>
/// A batch of statements under one tenant. The server runs a batch in one implicit transaction (PostgreSQL protocol,
/// "Pipelining"), so the tenant set by its first statement holds for the others and for nobody else.
/// </summary>
public sealed class TenantBatch : IAsyncDisposable
{
    private readonly NpgsqlBatch _batch;

    internal TenantBatch(NpgsqlBatch batch, Guid userId)
    {
        _batch = batch;
        batch.BatchCommands.Add(Tenant(userId));
    }

    /// <summary>Adds a statement with positional parameters ($1 …).</summary>
    public TenantBatch Add(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        _batch.BatchCommands.Add(Statement(sql, parameters));
        return this;
    }

    /// <summary>Runs the batch; the reader stands on the first added statement's rows.</summary>
    public async Task<NpgsqlDataReader> ReadAsync(CancellationToken cancellationToken)
    {
        var reader = await _batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return reader;
    }

    /// <summary>Runs the batch; the number of rows that the added statements changed.</summary>
    public Task<int> ExecuteAsync(CancellationToken cancellationToken) => _batch.ExecuteNonQueryAsync(cancellationToken);

    /// <summary>The rows of the first added statement.</summary>
    public async Task<List<T>> ListAsync<T>(Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken)
    {
        await using var reader = await ReadAsync(cancellationToken);
        return await reader.RowsAsync(row, cancellationToken);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _batch.DisposeAsync();

    internal static NpgsqlBatchCommand Tenant(Guid userId) =>
        Statement("SELECT set_config('app.user_id', $1, true)", [Sql.Value(userId.ToString())]);

    internal static NpgsqlBatchCommand Statement(string sql, ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
