using Lekhika.Persistence.Files;
using Lekhika.Persistence.Tenancy;
using Npgsql;

namespace Lekhika.Persistence.Storage;

/// <summary>An object that nobody needs.</summary>
public readonly record struct UselessObject(Guid Id, Guid UserId);

/// <summary>A report of an export job that was not completed.</summary>
public readonly record struct UnfinishedReport(Guid JobId, Guid UserId);

/// <summary>Removes old files, of all tenants, and objects that no file needs.</summary>
public sealed class RetentionStore(NpgsqlDataSource source, TenantDatabase database, S3Contents objects)
{
    private const long LockKey = 0x6C656B68696B6172; // "lekhikar"

    /// <summary>The right to sweep, which one process has at a time; null when another one has it. It ends with what is returned, or with the process.</summary>
    public async Task<IAsyncDisposable?> TryLockAsync(CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = new NpgsqlCommand($"SELECT pg_try_advisory_lock({LockKey})", connection);
            if (await command.ExecuteScalarAsync(cancellationToken) is true)
            {
                return new Held(connection);
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    /// <summary>Takes the bytes of up to <paramref name="most"/> files that are older than <paramref name="age"/> and not among the newest of their run and format; how many.</summary>
    public async Task<int> RemoveFilesAsync(TimeSpan age, int newest, int most, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("SELECT count(*)::int FROM remove_files($1, $2, $3)");
        command.Parameters.Add(Sql.Value(age));
        command.Parameters.Add(Sql.Value(newest));
        command.Parameters.Add(Sql.Value(most));
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Up to <paramref name="most"/> objects that no file needs, in the order of their ids.</summary>
    /// <param name="age">Only those of which the writing began before.</param>
    public async Task<IReadOnlyList<UselessObject>> UselessObjectsAsync(TimeSpan age, Guid after, int most, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("SELECT id, user_id FROM useless_objects($1, $2, $3)");
        command.Parameters.Add(Sql.Value(age));
        command.Parameters.Add(Sql.Value(after));
        command.Parameters.Add(Sql.Value(most));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.RowsAsync(row => new UselessObject(row.GetGuid(0), row.GetGuid(1)), cancellationToken);
    }

    /// <summary>Up to <paramref name="most"/> reports that have not been completed for so long, the oldest first.</summary>
    public async Task<IReadOnlyList<UnfinishedReport>> UnfinishedReportsAsync(TimeSpan age, int most, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("SELECT id, user_id FROM unfinished_reports($1, $2)");
        command.Parameters.Add(Sql.Value(age));
        command.Parameters.Add(Sql.Value(most));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.RowsAsync(row => new UnfinishedReport(row.GetGuid(0), row.GetGuid(1)), cancellationToken);
    }

    /// <summary>Removes an object from its store, then notes that it is gone.</summary>
    /// <exception cref="StorageException">The store does not answer, or refuses.</exception>
    public async Task RemoveAsync(UselessObject useless, CancellationToken cancellationToken)
    {
        FileObject? place;
        await using (var batch = database.For(useless.UserId))
        {
            place = (await batch.Add("SELECT id, bucket, key FROM file_objects WHERE id = $1 AND NOT kept", Sql.Value(useless.Id))
                .ListAsync(row => new FileObject(row.GetGuid(0), row.GetString(1), row.GetString(2)), cancellationToken)).SingleOrDefault();
        }

        if (place is null)
        {
            return;
        }

        await objects.DeleteAsync(place, cancellationToken);
        await using var note = database.For(useless.UserId);
        await note.Add("UPDATE file_objects SET removed_at = now() WHERE id = $1 AND NOT kept", Sql.Value(useless.Id)).ExecuteAsync(cancellationToken);
    }

    private sealed class Held(NpgsqlConnection connection) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await using var command = new NpgsqlCommand($"SELECT pg_advisory_unlock({LockKey})", connection);
                await command.ExecuteNonQueryAsync();
            }
            catch (NpgsqlException)
            {
                // The connection is broken, and the lock went with it.
            }

            await connection.DisposeAsync();
        }
    }
}
