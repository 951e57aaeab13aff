using Lekhika.Core;
using Lekhika.Core.Executions;
using Lekhika.Core.Executions.Steps;
using Lekhika.Core.Planning;
using Lekhika.Core.Prompts;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Prompts;
using Lekhika.Persistence.Submissions;
using Lekhika.Persistence.Tenancy;
using Npgsql;
using NpgsqlTypes;

namespace Lekhika.Persistence.Plans;

/// <summary>A run as plans and forks are made from it, in whatever state it is.</summary>
/// <param name="EngineStatus"><c>active</c> or <c>inactive</c>.</param>
/// <param name="WorkflowVersionId">The version that the run has.</param>
public sealed record StoredExecution(Guid Id, string EngineStatus, Guid WorkflowVersionId, StoredRun Run)
{
    /// <summary>The texts for models that a run gets which is submitted now.</summary>
    public PromptSet PromptsInForce { get; init; } = PromptSet.Embedded;
}

/// <summary>Reads runs with every finished step, and the versions that they may be changed to.</summary>
public sealed class ExecutionPlanStore(TenantDatabase database)
{
    private const string Run = """
        SELECT e.id, u.status, e.workflow_version_id, w.definition::text, i.brief::text, e.formats, i.settings::text
        FROM engine_executions e
        JOIN user_engines u ON u.id = e.user_engine_id
        JOIN workflow_versions w ON w.id = e.workflow_version_id
        JOIN execution_inputs i ON i.execution_id = e.id
        WHERE e.id = $1
        """;

    private const string Steps = """
        SELECT node_id, item, generation, kind, content::text, inputs::text, hash, input_tokens, output_tokens FROM node_outputs WHERE execution_id = $1
        """;

    private const string Regenerated = "SELECT node_id, item, generation FROM regenerations WHERE execution_id = $1";

    /// <summary>A run with its finished steps, in one round trip; null when the user has no such run.</summary>
    /// <exception cref="System.Text.Json.JsonException">What is stored has another shape than this version reads.</exception>
    public async Task<StoredExecution?> LoadAsync(Guid userId, Guid executionId, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        await using var reader = await batch.Add(Run, Sql.Value(executionId)).Add(Steps, Sql.Value(executionId)).Add(Regenerated, Sql.Value(executionId))
            .Add(StoredPrompts.OfRun, Sql.Value(executionId)).Add(StoredPrompts.InForce)
            .ReadAsync(cancellationToken);
        var runs = await reader.RowsAsync(ReadRun, cancellationToken);
        var steps = await reader.RowsAsync(ReadStep, cancellationToken);
        // Read after the steps: a step that is asked for anew in between counts as unfinished, never as finished with what was before.
        var regenerated = await reader.RowsAsync(Key, cancellationToken);
        var prompts = new PromptSet(await reader.RowsAsync(StoredPrompts.Read, cancellationToken));
        var inForce = new PromptSet(await reader.RowsAsync(StoredPrompts.Read, cancellationToken));
        return runs is [var run] ? run with { Run = run.Run with { Steps = steps, Regenerated = regenerated, Prompts = prompts }, PromptsInForce = inForce } : null;
    }

    /// <summary>The JSON of a version of a workflow that is the user's or everybody's; null when there is none.</summary>
    public async Task<string?> WorkflowAsync(Guid userId, Guid versionId, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        var found = await batch.Add("SELECT definition::text FROM workflow_versions WHERE id = $1", Sql.Value(versionId)).ListAsync(row => row.GetString(0), cancellationToken);
        return found.SingleOrDefault();
    }

    /// <summary>The run that an earlier request with this key has made.</summary>
    public async Task<SubmittedRun?> EarlierAsync(Guid userId, string idempotencyKey, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        var found = await batch.Add(SubmissionStore.Earlier, Sql.OrNull(idempotencyKey, NpgsqlDbType.Text))
            .ListAsync(row => SubmissionStore.Read(row, isNew: false), cancellationToken);
        return found.SingleOrDefault();
    }

    private static StoredExecution ReadRun(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetGuid(2),
        new StoredRun(Json.Read<WorkflowDefinition>(row.GetString(3)), Json.Read<Brief>(row.GetString(4)), row.GetFieldValue<string[]>(5), row.GetString(6)));

    private static StoredStep ReadStep(NpgsqlDataReader row) => new(
        Key(row), row.GetString(3), row.GetString(4), Json.Read<Dictionary<string, string>>(row.GetString(5)),
        row.IsDBNull(6) ? null : row.GetFieldValue<byte[]>(6), row.GetInt64(7), row.GetInt64(8));

    private static StepKey Key(NpgsqlDataReader row) => new(row.GetString(0), row.GetInt32(1), row.GetInt32(2));
}
