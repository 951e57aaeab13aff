using System.Security.Cryptography;
using Lekhika.Persistence.Secrets;
using Lekhika.Persistence.Tenancy;
using Microsoft.AspNetCore.DataProtection;
using Npgsql;

namespace Lekhika.Persistence.Files;

/// <summary>A key that signs links.</summary>
public sealed record LinkKey(int Id, byte[] Secret);

/// <summary>
/// The keys that sign links to files: random, in <c>link_keys</c>, encrypted with the key ring of Data Protection, the same for all replicas. The newest signs, and a
/// new one is made when it is 90 days old; the others are still good for what they have signed, until somebody deletes their rows.
/// </summary>
public sealed class LinkKeys : IDisposable
{
    private const string Purpose = "Lekhika.LinkKeys.1";
    private const int SecretLength = 32;
    private static readonly TimeSpan LifeOfKey = TimeSpan.FromDays(90);
    private static readonly TimeSpan Reread = TimeSpan.FromMinutes(1);

    private readonly NpgsqlDataSource _source;
    private readonly IDataProtector? _protector;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _one = new(1);
    private List<(LinkKey Key, DateTime CreatedAt)> _keys = [];
    private long? _readAt;

    internal LinkKeys(NpgsqlDataSource source, SecretsProtection protection, TimeProvider time)
    {
        _source = source;
        _protector = protection.Provider?.CreateProtector(Purpose);
        _time = time;
    }

    /// <summary>The key for new links.</summary>
    /// <exception cref="SecretsException">There is no master key, or it is not the key ring's.</exception>
    public async Task<LinkKey> NewestAsync(CancellationToken cancellationToken)
    {
        var keys = await KeysAsync(cancellationToken);
        if (keys is [var newest, ..] && newest.CreatedAt > _time.GetUtcNow().UtcDateTime - LifeOfKey)
        {
            return newest.Key;
        }

        await _one.WaitAsync(cancellationToken);
        try
        {
            // Two replicas may make one each at the same moment; both are good.
            var text = Run(protector => protector.Protect(Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretLength))));
            await using var insert = _source.CreateCommand("INSERT INTO link_keys (protected) VALUES ($1)");
            insert.Parameters.Add(Sql.Value(text));
            await insert.ExecuteNonQueryAsync(cancellationToken);
            await ReadAsync(cancellationToken);
            return _keys[0].Key;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>The key with this number, if there is one.</summary>
    /// <exception cref="SecretsException">There is no master key, or no key can be read with it.</exception>
    public async Task<LinkKey?> FindAsync(int id, CancellationToken cancellationToken) =>
        (await KeysAsync(cancellationToken)).Select(known => known.Key).FirstOrDefault(key => key.Id == id);

    /// <inheritdoc />
    public void Dispose() => _one.Dispose();

    /// <summary>The newest first. A key that another replica has made, or somebody has deleted, is noticed within a minute.</summary>
    private async Task<List<(LinkKey Key, DateTime CreatedAt)>> KeysAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_readAt is not { } then || _time.GetElapsedTime(then) > Reread)
            {
                await ReadAsync(cancellationToken);
            }

            return _keys;
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        await using var select = _source.CreateCommand("SELECT id, protected, created_at FROM link_keys ORDER BY id DESC LIMIT 10");
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        var rows = await reader.RowsAsync(row => (Id: row.GetInt32(0), Protected: row.GetString(1), CreatedAt: row.GetDateTime(2)), cancellationToken);
        var keys = new List<(LinkKey, DateTime)>();
        SecretsException? unreadable = null;
        foreach (var row in rows)
        {
            try
            {
                keys.Add((new LinkKey(row.Id, Convert.FromBase64String(Run(protector => protector.Unprotect(row.Protected)))), row.CreatedAt));
            }
            catch (SecretsException error)
            {
                // What it has signed ends; the others are as good as before.
                unreadable = error;
            }
        }

        _keys = keys.Count > 0 || unreadable is null ? keys : throw unreadable;
        _readAt = _time.GetTimestamp();
    }

    private string Run(Func<IDataProtector, string> work)
    {
        try
        {
            return work(_protector ?? throw new SecretsException(SecretsException.NotConfigured));
        }
        catch (CryptographicException error)
        {
            throw SecretsProtection.Explain(error, "A key that signs links to files cannot be read: its row in link_keys was changed, or the key ring is gone. Delete the row; its links end, and a new key is made.");
        }
    }
}
