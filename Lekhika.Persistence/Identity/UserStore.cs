using Lekhika.Persistence.Tenancy;
using Npgsql;

namespace Lekhika.Persistence.Identity;

/// <summary>A person with an account.</summary>
public sealed record User(Guid Id, string Email, string FullName);

/// <summary>What a login is checked against.</summary>
public sealed record Login(User User, string PasswordHash);

/// <summary>Accounts.</summary>
public sealed class UserStore(TenantDatabase database, DoorDatabase doors)
{
    /// <summary>Adds a user at the level starter with a copy of every default master engine; false when the address is taken.</summary>
    public async Task<bool> AddAsync(User user, string passwordHash, CancellationToken cancellationToken)
    {
        await using var batch = database.For(user.Id);
        batch
            .Add("INSERT INTO users (id, email, full_name, password_hash, level_id) SELECT $1, $2, $3, $4, id FROM levels WHERE key = 'starter'",
                Sql.Value(user.Id), Sql.Value(user.Email), Sql.Value(user.FullName), Sql.Value(passwordHash))
            .Add("""
                INSERT INTO user_engines (id, user_id, engine_id, workflow_version_id, name, description)
                SELECT gen_random_uuid(), $1, id, workflow_version_id, name, description FROM ai_engines WHERE is_default AND is_active
                """, Sql.Value(user.Id));
        try
        {
            await batch.ExecuteAsync(cancellationToken);
            return true;
        }
        catch (PostgresException taken) when (taken is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "users_email" })
        {
            return false;
        }
    }

    /// <summary>The active user with this address, whatever its capitals.</summary>
    public async Task<Login?> FindAsync(string email, CancellationToken cancellationToken)
    {
        await using var batch = doors.Through(DoorDatabase.Login, email);
        var rows = await batch.Add("SELECT id, email, full_name, password_hash FROM users WHERE lower(email) = lower($1)", Sql.Value(email))
            .ListAsync(row => new Login(new User(row.GetGuid(0), row.GetString(1), row.GetString(2)), row.GetString(3)), cancellationToken);
        return rows.SingleOrDefault();
    }

    /// <summary>Replaces a password's hash, when a stronger one was made of the same password.</summary>
    public async Task SetPasswordHashAsync(Guid userId, string passwordHash, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        await batch.Add("UPDATE users SET password_hash = $2, updated_at = now() WHERE id = $1", Sql.Value(userId), Sql.Value(passwordHash))
            .ExecuteAsync(cancellationToken);
    }
}
