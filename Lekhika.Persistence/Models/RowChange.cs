using Lekhika.Persistence.Tenancy;
using Npgsql;

namespace Lekhika.Persistence.Models;

/// <summary>How a change of a provider, a model or a preference went.</summary>
public enum RowOutcome
{
    /// <summary>It is done.</summary>
    Done,

    /// <summary>The caller sees no such row.</summary>
    NotFound,

    /// <summary>The row is the platform's, and the caller is no administrator.</summary>
    NotAllowed,

    /// <summary>Somebody has changed the row since the caller read it.</summary>
    Conflict,

    /// <summary>Its owner has a row of this name already.</summary>
    Taken,

    /// <summary>The user has as many as there may be.</summary>
    TooMany,

    /// <summary>A key is set, which was given for the address that the provider has.</summary>
    SecretSet,

    /// <summary>It names models that the caller does not see.</summary>
    UnknownModels,
}

/// <summary>A change and the row as it is now; null when nothing was changed.</summary>
public readonly record struct RowChange<T>(RowOutcome Outcome, T? Row)
    where T : class
{
    /// <summary>For <see cref="RowOutcome.UnknownModels"/>: which.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];

    internal static RowChange<T> Of(RowOutcome outcome) => new(outcome, null);
}

/// <summary>Statements that the stores of models share. All of them run under <see cref="TenantDatabase.ForAdmin"/>.</summary>
internal static class ModelSql
{
    /// <summary>Whether the caller is an administrator.</summary>
    public const string IsAdmin = "coalesce(app_role() IN ('admin', 'superadmin'), false)";

    /// <summary>Of two requests of one user the second waits for the first, so that limits are exact.</summary>
    public const string LockUser = "SELECT 1 FROM users WHERE id = app_user_id() FOR NO KEY UPDATE";

    /// <summary>The time of a change, later than the one before.</summary>
    public const string Touched = "updated_at = greatest(now(), updated_at + interval '1 microsecond')";

    /// <summary>Whether the error says that the owner has a row of this name already.</summary>
    public static bool IsTaken(PostgresException error, string index) => error.SqlState == PostgresErrorCodes.UniqueViolation && error.ConstraintName == index;
}
