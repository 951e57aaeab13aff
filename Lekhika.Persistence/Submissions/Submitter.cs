using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Lekhika.Core.Executions.Submissions;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Engines;
using Lekhika.Persistence.Signals;
using Lekhika.Persistence.Themes;

namespace Lekhika.Persistence.Submissions;

/// <summary>A run that somebody asks for.</summary>
/// <param name="Form">The form's values.</param>
/// <param name="Options">Good ones (<see cref="OptionRules"/>).</param>
/// <param name="IdempotencyKey">The client's name for a request that may arrive twice.</param>
public sealed record AskedRun(
    Guid UserId, Guid UserEngineId, IReadOnlyDictionary<string, JsonElement> Form, ExecuteOptions? Options, string? IdempotencyKey);

/// <summary>What became of it: a run with its engine, or why not.</summary>
public sealed record SubmissionOutcome(SubmittedRun? Run, UserEngine? Engine, SubmissionFault? Fault);

/// <summary>Takes runs in, at whichever door they come: checks everything, queues, and tells the workers.</summary>
public sealed class Submitter(SubmissionStore submissions, ThemeStore themes, WakeUpSignals signals)
{
    private const int MostKept = 1_000;

    private readonly ConcurrentDictionary<Guid, StoredWorkflow> _read = new();

    /// <summary>Queues a run; of two requests with one key, the second gets the first one's.</summary>
    /// <param name="prepared">What the request is checked against, when it was read before (<see cref="KeyedSubmissionStore"/>); null when it is yet to be read.</param>
    public async Task<SubmissionOutcome> SubmitAsync(AskedRun asked, SubmissionGround? prepared, CancellationToken cancellationToken)
    {
        var idempotency = asked.IdempotencyKey is { } key ? new IdempotentRequest(key, RequestHash.Of(asked.UserEngineId, asked.Form, asked.Options)) : null;
        var ground = prepared ?? await submissions.PrepareAsync(asked.UserId, asked.UserEngineId, asked.IdempotencyKey, cancellationToken);
        if (ground.Engine is not { } engine)
        {
            return new(null, null, new SubmissionFault.NoEngine());
        }

        if (ground.Earlier is { } earlier)
        {
            return Outcome(earlier, engine, idempotency);
        }

        var (submission, fault) = Submission.Check(asked.Form, asked.Options, engine.Summary.Status == "active", await StoredAsync(asked.UserId, engine, cancellationToken), ground.Policy);
        if (submission is null)
        {
            return new(null, engine, fault);
        }

        if (await themes.ResolveAsync(asked.UserId, submission.Settings, cancellationToken) is not { } settings)
        {
            return new(null, engine, SubmissionFault.NoTheme(asked.Form, asked.Options?.Settings));
        }

        var run = await submissions.SubmitAsync(New(asked.UserId, engine, submission with { Settings = settings }, idempotency), cancellationToken);
        if (run.IsNew)
        {
            signals.Send(WakeUpTopic.Runs);
        }

        return Outcome(run, engine, idempotency);
    }

    /// <summary>A version never changes, so it is read and checked once.</summary>
    private async ValueTask<StoredWorkflow> StoredAsync(Guid userId, UserEngine engine, CancellationToken cancellationToken)
    {
        if (_read.TryGetValue(engine.WorkflowVersionId, out var known))
        {
            return known;
        }

        if (_read.Count >= MostKept)
        {
            // Rare, and nothing is lost by it.
            _read.Clear();
        }

        var workflow = await submissions.WorkflowAsync(userId, engine.WorkflowVersionId, cancellationToken);
        return _read.GetOrAdd(engine.WorkflowVersionId, StoredWorkflow.Read(workflow));
    }

    private static NewRun New(Guid userId, UserEngine engine, Submission submission, IdempotentRequest? idempotency) => new(
        userId,
        engine,
        submission.Brief,
        submission.Formats,
        submission.Settings,
        submission.Priority,
        Activity.Current is { IdFormat: ActivityIdFormat.W3C } span ? span.Id : null,
        idempotency,
        submission.ConcurrencyKey,
        submission.EconomyHours);

    private static SubmissionOutcome Outcome(SubmittedRun run, UserEngine engine, IdempotentRequest? idempotency) =>
        run.IsNew || CryptographicOperations.FixedTimeEquals(run.RequestHash, idempotency?.Hash)
            ? new(run, engine, null)
            : new(null, engine, new SubmissionFault.KeyReused());
}
