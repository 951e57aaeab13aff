using Lekhika.Core.Executions;
using Lekhika.Persistence.Tenancy;
using Npgsql;

namespace Lekhika.Persistence.Events;

/// <summary>An event of a run's journal.</summary>
/// <param name="Seq">From 1 without gaps.</param>
/// <param name="Type">One of <see cref="JournalEventTypes"/>.</param>
/// <param name="Data">A JSON object.</param>
/// <param name="CreatedAt">UTC.</param>
public sealed record StoredEvent(long Seq, string Type, string? NodeId, int? Item, int? Generation, string Data, DateTime CreatedAt);

/// <summary>A part of a run's journal, and how the run stood at that moment.</summary>
/// <param name="LastSeq">The number of the run's newest event, which need not be in this part.</param>
public sealed record EventPage(IReadOnlyList<StoredEvent> Events, long LastSeq, RunStatus Status)
{
    /// <summary>Whether nothing more comes unless somebody asks for it.</summary>
    public bool HasEnded => Status is RunStatus.Completed or RunStatus.Failed or RunStatus.Stopped;
}

/// <summary>The journal as the run's owner sees it.</summary>
public sealed class EventStore(TenantDatabase database)
{
    // One statement sees one state: the run's row and its events belong together.
    private const string After = """
        SELECT e.status, e.last_seq, v.seq, v.type, v.node_id, v.item, v.generation, v.data::text, v.created_at
        FROM engine_executions e
        LEFT JOIN LATERAL (
            SELECT * FROM execution_events j WHERE j.execution_id = e.id AND j.seq > $2 ORDER BY j.seq LIMIT $3
        ) v ON true
        WHERE e.id = $1
        ORDER BY v.seq
        """;

    /// <summary>At most <paramref name="most"/> events after the one with the number <paramref name="after"/>; null when the user has no such run.</summary>
    public async Task<EventPage?> ReadAsync(Guid userId, Guid executionId, long after, int most, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        var rows = await batch.Add(After, Sql.Value(executionId), Sql.Value(after), Sql.Value(most))
            .ListAsync(row => (Status: RunStatusWords.Parse(row.GetString(0)), LastSeq: row.GetInt64(1), Event: Read(row)), cancellationToken);
        return rows is [var first, ..] ? new([.. rows.Select(row => row.Event).OfType<StoredEvent>()], first.LastSeq, first.Status) : null;
    }

    private static StoredEvent? Read(NpgsqlDataReader row) => row.IsDBNull(2)
        ? null
        : new(row.GetInt64(2), row.GetString(3), row.Text(4), row.Nullable<int>(5), row.Nullable<int>(6), row.GetString(7), row.GetDateTime(8));
}
