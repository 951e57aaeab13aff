using Npgsql;

namespace Lekhika.Persistence.Tenancy;

/// <summary>Tells a database that is away for a while from a statement that is wrong.</summary>
public static class DatabaseFaults
{
    /// <summary>True for broken connections, servers that start, stop or are full (SQLSTATE classes 08, 53, 57P), and time-outs: the same statement may succeed later.</summary>
    public static bool IsAway(Exception error) => error switch
    {
        PostgresException { SqlState: var state } e => e.IsTransient || state.StartsWith("08", StringComparison.Ordinal)
            || state.StartsWith("53", StringComparison.Ordinal) || state.StartsWith("57P", StringComparison.Ordinal),
        NpgsqlException => true,
        TimeoutException => true,
        _ => false,
    };
}
