using Lekhika.Core.Executions;
using Lekhika.Persistence.Tenancy;

namespace Lekhika.Persistence.Requests;

/// <summary>Carries out changes of one run in one transaction.</summary>
internal static class RunChanges
{
    /// <summary>Makes whichever of the changes the run's state allows: at most one, so none of them leads to a state from which a later one starts.</summary>
    public static async Task<RunChanged> ChangeAsync(
        this TenantDatabase database, Guid userId, Guid executionId, IReadOnlyList<RunChange> changes, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        batch.Add(RunChangeSql.Lock, Sql.Value(executionId));
        foreach (var change in changes)
        {
            batch.Add(userId, executionId, change);
        }

        await using var reader = await batch.ReadAsync(cancellationToken);
        var before = await reader.RowsAsync(row => RunStatusWords.Parse(row.GetString(0)), cancellationToken);
        RunChange? made = null;
        foreach (var change in changes)
        {
            var rows = await reader.RowsAsync(row => row.GetInt32(0), cancellationToken);
            made ??= rows.Count > 0 ? change : null;
        }

        return new(before is [var status] ? status : null, made);
    }
}

/// <summary>What a request has changed.</summary>
/// <param name="Before">The state in which it found the run; null when there is none.</param>
/// <param name="Made">The change; null when the state allowed none.</param>
internal sealed record RunChanged(RunStatus? Before, RunChange? Made)
{
    /// <param name="isSo">Whether in this state nothing need be changed.</param>
    /// <param name="advice">What to do instead when it is not allowed.</param>
    public RequestOutcome Outcome(Func<RunStatus, bool> isSo, Func<RunStatus, string> advice) => (Before, Made) switch
    {
        (null, _) => RequestOutcome.NotFound,
        ({ } before, { } made) => RequestOutcome.Done(made.To ?? before, made.Wake),
        ({ } before, null) when isSo(before) => RequestOutcome.Done(before),
        ({ } before, null) => RequestOutcome.NotAllowed(before, advice(before)),
    };
}
