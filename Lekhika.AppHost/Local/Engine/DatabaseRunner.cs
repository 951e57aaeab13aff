using Aspire.Hosting.ApplicationModel;
using Npgsql;

namespace Lekhika.AppHost.Local.Engine;

/// <summary>A database of a server that runs: made when it is not there, and no process of its own.</summary>
internal sealed class DatabaseRunner(PostgresDatabaseResource database, Board board) : IRunner
{
    private readonly Instance _instance = new(database.Name, database.Name);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        board.Update(_instance, _ => new ResourceSnapshot(ResourceState.Starting));
        var server = await database.Parent.ConnectionStringExpression.GetValueAsync(cancellationToken);
        await using var connection = new NpgsqlConnection($"{server};Database=postgres;Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var exists = new NpgsqlCommand("select exists (select from pg_database where datname = $1)", connection) { Parameters = { new() { Value = database.DatabaseName } } };
        if (await exists.ExecuteScalarAsync(cancellationToken) is false)
        {
            await using var create = new NpgsqlCommand($"create database {new NpgsqlCommandBuilder().QuoteIdentifier(database.DatabaseName)}", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }

        board.Update(_instance, _ => new ResourceSnapshot(ResourceState.Running, IsHealthy: true));
    }

    public ValueTask DisposeAsync()
    {
        board.Update(_instance, snapshot => snapshot.State == ResourceState.Running ? new ResourceSnapshot(ResourceState.Finished) : snapshot);
        return ValueTask.CompletedTask;
    }
}
