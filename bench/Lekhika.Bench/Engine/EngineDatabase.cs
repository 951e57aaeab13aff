using System.Diagnostics;
using Npgsql;

namespace Lekhika.Bench.Engine;

/// <summary>The measured system's database as its administrator sees it: for looking and arranging.</summary>
internal sealed class EngineDatabase(string administrator, CancellationToken stop) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(administrator);

    /// <summary>Runs a statement; <c>$1</c>, <c>$2</c> … stand for the values.</summary>
    public async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = Command(_source.CreateCommand(sql), values);
        await command.ExecuteNonQueryAsync(stop);
    }

    /// <summary>Runs statements in one transaction: what they queue is there all at once.</summary>
    public async Task ExecuteAsync(IEnumerable<(string Sql, object[] Values)> statements)
    {
        await using var connection = await _source.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        foreach (var (sql, values) in statements)
        {
            await using var command = Command(new NpgsqlCommand(sql, connection, transaction), values);
            await command.ExecuteNonQueryAsync(stop);
        }

        await transaction.CommitAsync(stop);
    }

    /// <summary>The first column of every row.</summary>
    public async Task<IReadOnlyList<T>> ListAsync<T>(string sql, params object[] values)
    {
        await using var command = Command(_source.CreateCommand(sql), values);
        await using var reader = await command.ExecuteReaderAsync(stop);
        var rows = new List<T>();
        while (await reader.ReadAsync(stop))
        {
            rows.Add(reader.GetFieldValue<T>(0));
        }

        return rows;
    }

    /// <summary>The first value of the first row; default when there is no row or it is null.</summary>
    public async Task<T?> AskAsync<T>(string sql, params object[] values)
    {
        await using var command = Command(_source.CreateCommand(sql), values);
        return await command.ExecuteScalarAsync(stop) is T found ? found : default;
    }

    /// <summary>Asks every <paramref name="interval"/> until the answer is true.</summary>
    /// <exception cref="BenchFailedException">It stayed false for <paramref name="limit"/>.</exception>
    public async Task UntilAsync(TimeSpan interval, TimeSpan limit, string what, string sql, params object[] values)
    {
        var clock = Stopwatch.StartNew();
        while (!await AskAsync<bool>(sql, values))
        {
            if (clock.Elapsed > limit)
            {
                throw new BenchFailedException($"Not within {limit.TotalSeconds:F0} s: {what}.");
            }

            await Task.Delay(interval, stop);
        }
    }

    /// <summary>Stops or resumes all claiming of runs, in versions that can.</summary>
    public async Task PauseAsync(bool paused)
    {
        if (await AskAsync<bool>("SELECT to_regclass('queue_controls') IS NOT NULL"))
        {
            await ExecuteAsync("UPDATE queue_controls SET paused = $1", paused);
        }
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static NpgsqlCommand Command(NpgsqlCommand command, object[] values)
    {
        command.CommandTimeout = 60;
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }
}
