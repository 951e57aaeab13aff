namespace Lekhika.Bench.Engine;

/// <summary>Runs that are measured together.</summary>
internal sealed record RunSet(EngineDatabase Database, Guid[] Ids)
{
    /// <summary>Microseconds since 1970 at which the step of a <c>step.completed</c> event was begun, by the worker's clock, or else as its duration tells.</summary>
    public const string StepStarted = "coalesce((data->>'startedAt')::bigint, (extract(epoch FROM created_at) * 1e6)::bigint - 1000 * coalesce((data->>'milliseconds')::int, 0))";

    /// <summary>Looks are rare: they take from the machine what is measured, and the figures come from the journal.</summary>
    private static readonly TimeSpan Relaxed = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits until the worker's part of all of them is durable: handed over to the exporter, of whom there is none, or completed.</summary>
    /// <exception cref="BenchFailedException">They were not within the limit, or one of them ended otherwise.</exception>
    public async Task UntilDoneAsync(TimeSpan limit)
    {
        await Database.UntilAsync(Relaxed, limit, $"the end of {Ids.Length} runs",
            "SELECT NOT EXISTS (SELECT FROM engine_executions WHERE id = ANY($1) AND status IN ('queued', 'running', 'stopping'))", Ids);
        if (await Database.AskAsync<string>("SELECT id || ' ' || status || ' ' || coalesce(error::text, '') FROM engine_executions WHERE id = ANY($1) AND status NOT IN ('exporting', 'completed') LIMIT 1", Ids) is { } bad)
        {
            throw new BenchFailedException($"A run did not end well: {bad}");
        }
    }

    /// <summary>Seconds from the first claim to the last event, by the database's clock.</summary>
    public async Task<double> SecondsAsync() => await Database.AskAsync<double?>("""
        SELECT extract(epoch FROM max(created_at) - min(created_at) FILTER (WHERE type = 'run.claimed'))::float8 FROM execution_events WHERE execution_id = ANY($1)
        """, Ids) ?? throw new BenchFailedException("The journal tells of no claim.");
}
