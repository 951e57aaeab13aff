using Lekhika.Persistence.Tenancy;
using Npgsql;

namespace Lekhika.Persistence.Identity;

/// <summary>
/// The database for somebody who has yet to say who he is: a door answers a user's id, which becomes the tenant of the
/// statements after it, all in one round trip and one transaction. When the door answers nobody, no tenant is set and the
/// statements see no rows.
/// </summary>
public sealed class DoorDatabase(NpgsqlDataSource source)
{
    internal const string Key = "SELECT set_config('app.user_id', user_id::text, true) FROM find_key($1)";

    internal const string Login = "SELECT set_config('app.user_id', user_id::text, true) FROM find_login($1)";

    internal NpgsqlBatch Through<T>(string door, T proof, params ReadOnlySpan<string> statements)
    {
        var batch = source.CreateBatch();
        batch.BatchCommands.Add(TenantBatch.Statement(door, [Sql.Value(proof)]));
        foreach (var statement in statements)
        {
            batch.BatchCommands.Add(TenantBatch.Statement(statement, [Sql.Value(proof)]));
        }

        return batch;
    }
}
