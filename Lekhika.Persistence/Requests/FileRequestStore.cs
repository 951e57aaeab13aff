using Lekhika.Core;
using Lekhika.Core.Executions;
using Lekhika.Core.Exports;
using Lekhika.Persistence.Signals;
using Lekhika.Persistence.Tenancy;

namespace Lekhika.Persistence.Requests;

/// <summary>Orders files of a book that is there.</summary>
public sealed class FileRequestStore(TenantDatabase database)
{
    private static readonly IReadOnlyList<RunStatus> From = RunTransitions.From(RunCommand.MakeFiles);

    // After the lock in the same transaction, so two orders cannot get one number.
    private const string Order = """
        WITH book AS (
            SELECT b.id FROM books b WHERE b.execution_id = $1 ORDER BY b.version DESC LIMIT 1
        ), run AS (
            UPDATE engine_executions e SET
                status = $4,
                progress = $5,
                current_step = $6,
                finished_at = NULL,
                error = NULL,
                last_seq = e.last_seq + 1
            FROM book
            WHERE e.id = $1 AND e.status = ANY($3)
            RETURNING e.id, e.last_seq, book.id AS book_id,
                (SELECT 1 + coalesce(max(j.order_no), 0) FROM export_jobs j WHERE j.execution_id = $1) AS order_no
        ), jobs AS (
            INSERT INTO export_jobs (id, execution_id, user_id, order_no, format, uses_pages, settings, book_id)
            SELECT gen_random_uuid(), run.id, $2, run.order_no, f.format, f.uses_pages,
                   (SELECT (i.settings - CASE WHEN $9 ? 'theme' THEN $11::text[] ELSE '{}' END) || coalesce($9, '{}') FROM execution_inputs i WHERE i.execution_id = $1), run.book_id
            FROM run, unnest($7::text[], $8::bool[]) AS f (format, uses_pages)
        ), journalled AS (
            INSERT INTO execution_events (execution_id, seq, user_id, type, data)
            SELECT run.id, run.last_seq, $2, $10, jsonb_build_object('order', run.order_no, 'formats', $7::text[]) FROM run
        )
        SELECT 1 FROM run
        """;

    /// <summary>Has files of the newest book made.</summary>
    /// <param name="formats">At least one.</param>
    /// <param name="settings">What stands before the settings of the run, whose look counts only when these name no theme; null for the run's as they are.</param>
    public async Task<RequestOutcome> MakeAsync(
        Guid userId, Guid executionId, IReadOnlyList<ExportFormat> formats, ExportSettings? settings, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        await using var reader = await batch
            .Add(RunChangeSql.Lock, Sql.Value(executionId))
            .Add(Order,
                Sql.Value(executionId), Sql.Value(userId), Sql.Array(From, status => status.Word()), Sql.Value(RunStatus.Exporting.Word()),
                Sql.Value((float)RunProgress.Compiled), Sql.Value("Making " + string.Join(", ", formats.Select(format => format.Name))),
                Sql.Array(formats, format => format.Key), Sql.Array(formats, format => format.UsesPages),
                Sql.Json(settings is null ? null : Json.Write(settings)), Sql.Value(JournalEventTypes.ManuscriptCompiled), Sql.Array(SettingLayers.OfLook, name => name))
            .ReadAsync(cancellationToken);
        var found = await reader.RowsAsync(row => RunStatusWords.Parse(row.GetString(0)), cancellationToken);
        var ordered = await reader.RowsAsync(row => row.GetInt32(0), cancellationToken);
        return found is not [var before]
            ? RequestOutcome.NotFound
            : ordered.Count > 0
                ? RequestOutcome.Done(RunStatus.Exporting, WakeUpTopic.Exports)
                : From.Contains(before)
                    ? new(RequestResult.NoBook, before, "There is no book to make files of yet: no chapter is finished, or the manuscript has not been compiled.")
                    : RequestOutcome.NotAllowed(before, Advice(before));
    }

    private static string Advice(RunStatus state) => state switch
    {
        RunStatus.Exporting => "its files are being made; ask again when they are.",
        RunStatus.Stopping => "ask again when it has stopped.",
        RunStatus.Paused => "let it go on to its end, or stop it first.",
        _ => "its files are made at its end; wait for it, or stop it first.",
    };
}
