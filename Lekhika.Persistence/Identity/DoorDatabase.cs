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
    // Nothing that is written in the same transaction is worth waiting for the disk: when a key was last used, to the minute.
    internal const string Key = "SELECT set_config('app.user_id', user_id::text, true), set_config('synchronous_commit', 'off', true) FROM find_key($1)";

    internal const string Login = "SELECT set_config('app.user_id', user_id::text, true) FROM find_login($1)";

    /// <summary>A batch whose tenant is whoever the door knows by this proof.</summary>
    internal TenantBatch Through<T>(string door, T proof) => new(source.CreateBatch(), TenantBatch.Statement(door, [Sql.Value(proof)]));
}
