using Npgsql;

namespace Lekhika.Persistence.Tenancy;

/// <summary>The database as one tenant sees it: every statement runs in a transaction in which <c>app.user_id</c> is set.</summary>
public sealed class TenantDatabase(NpgsqlDataSource source)
{
    /// <summary>Statements of one tenant: one round trip, one transaction, all or nothing.</summary>
    public TenantBatch For(Guid userId) => new(source.CreateBatch(), TenantBatch.Tenant(userId));

    /// <summary>The same, and whoever is an administrator by his own row may also write the platform's rows: <c>app.role</c> is set from it, never by a request.</summary>
    public TenantBatch ForAdmin(Guid userId) => new(source.CreateBatch(), TenantBatch.Tenant(userId), TenantBatch.Statement(TenantBatch.Role, []));
}

/// <summary>
/// A batch of statements under one tenant. The server runs a batch in one implicit transaction (PostgreSQL protocol,
/// "Pipelining"), so the tenant set by its first statement holds for the others and for nobody else.
/// </summary>
public sealed class TenantBatch : IAsyncDisposable
{
    internal const string Role = "SELECT set_config('app.role', role, true) FROM users WHERE id = app_user_id() AND is_active AND role IN ('admin', 'superadmin')";

    private readonly NpgsqlBatch _batch;
    private readonly int _before;

    internal TenantBatch(NpgsqlBatch batch, params ReadOnlySpan<NpgsqlBatchCommand> before)
    {
        _batch = batch;
        _before = before.Length;
        foreach (var statement in before)
        {
            batch.BatchCommands.Add(statement);
        }
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
        for (var i = 0; i < _before; i++)
        {
            await reader.NextResultAsync(cancellationToken);
        }

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

    /// <summary>All of them at once, for statements of the runs that a worker holds (docs/adr/0024): rows of others are as closed as ever.</summary>
    internal static NpgsqlBatchCommand Tenants(IEnumerable<Guid> userIds) =>
        Statement("SELECT set_config('app.user_ids', $1, true)", [Sql.Value(string.Join(',', userIds.Distinct()))]);

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
