using Lekhika.Core.Executions;
using Lekhika.Persistence.Batches;
using Lekhika.Persistence.Tenancy;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Ai.Routing;
using Lekhika.Worker.Nodes;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Lekhika.Worker.Ai.Batches;

/// <summary>
/// Sees to one claimed batch: makes it at the provider, looks whether it has ended, takes its answers, or cancels it. Nothing is kept here: whoever claims it
/// next goes on from the database, also in the middle of a making or of the answers.
/// </summary>
internal sealed partial class BatchDesk(BatchStore store, ModelCatalogue catalogue, IOptions<BatchOptions> settings, ILogger<BatchDesk> log)
{
    private const string Deadline = "deadline";
    private const string Unwanted = "unwanted";

    private readonly BatchOptions _options = settings.Value;

    public async Task TendAsync(BatchLease lease, CancellationToken cancellationToken)
    {
        if (await store.LoadAsync(lease, cancellationToken) is not { } batch)
        {
            return;
        }

        if (batch.CancelledFor is null && (batch.IsLate || !batch.IsWanted))
        {
            var reason = batch.IsWanted ? Deadline : Unwanted;
            if (!await store.CancellingAsync(lease, reason, cancellationToken))
            {
                return;
            }

            batch = batch with { CancelledFor = reason, CancelledSince = TimeSpan.Zero };
            Cancelling(log, batch.Id, batch.ExecutionId, reason);
        }

        // Everything ends before another worker may begin.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.Lease * 0.8);
        try
        {
            var account = (await catalogue.ForAsync(lease.UserId, limit.Token)).Account(batch.ProviderId, batch.ProviderName, batch.Model);
            if (account is null || BatchProtocols.For(account.Kind) is not { } protocol)
            {
                await WithoutProviderAsync(lease, batch, limit.Token);
            }
            else if (batch.ProviderBatchId is { } providers)
            {
                await LookAsync(lease, batch, protocol, account, providers, limit.Token);
            }
            else
            {
                await MakeAsync(lease, batch, protocol, account, limit.Token);
            }
        }
        catch (StepFault fault)
        {
            NotSeenTo(log, batch.Id, batch.ExecutionId, fault.ErrorClass, fault.Message);
            await WaitAsync(lease, batch, fault.RetryAfter ?? _options.After(batch.Looks), cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            NotSeenTo(log, batch.Id, batch.ExecutionId, ErrorClasses.TimedOut, "It took longer than one worker may take.");
            await WaitAsync(lease, batch, _options.After(batch.Looks), cancellationToken);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested && !DatabaseFaults.IsAway(error))
        {
            // Whatever it is, the run must not rest for ever: at the deadline's end it goes on.
            Failed(log, batch.Id, batch.ExecutionId, error);
            await WaitAsync(lease, batch, _options.After(batch.Looks), cancellationToken);
        }
    }

    /// <summary>The worker stops: another sees to the batch at once, or as soon as the provider shows what it made of a request that was cut off.</summary>
    public Task HandBackAsync(BatchLease lease) => store.HandBackAsync(lease, _options.Settling, CancellationToken.None);

    /// <summary>The intent is durable before the provider is asked; a making that ended nobody knows how is looked for before it is made again.</summary>
    private async Task MakeAsync(BatchLease lease, StoredBatch batch, IBatchProtocol protocol, ProviderAccount account, CancellationToken cancellationToken)
    {
        if (batch.TriedAt is not null)
        {
            var found = await AskAsync(BatchOperation.Find, batch, () => protocol.FindAsync(account, batch, cancellationToken));
            if (found.ProviderBatchId is { } there)
            {
                await MadeAsync(lease, batch, there, cancellationToken);
                return;
            }

            if (found.IsUnclear)
            {
                await WaitAsync(lease, batch, _options.After(batch.Looks), cancellationToken);
                return;
            }
        }

        if (batch.CancelledFor is not null)
        {
            await store.EndAsync(lease, ErrorClasses.TimedOut, wasMade: false, cancellationToken);
            return;
        }

        // The lease is held until the making has ended: nobody else begins another.
        if (!await store.TryingAsync(lease, cancellationToken))
        {
            return;
        }

        try
        {
            await MadeAsync(lease, batch, await AskAsync(BatchOperation.Make, batch, () => protocol.MakeAsync(account, batch, cancellationToken)), cancellationToken);
        }
        catch (StepFault fault) when (fault.ErrorClass is ErrorClasses.Permanent or ErrorClasses.Refused)
        {
            // It says no: the calls are made one by one, where each hears why.
            NotSeenTo(log, batch.Id, batch.ExecutionId, fault.ErrorClass, fault.Message);
            await store.EndAsync(lease, fault.ErrorClass, wasMade: false, cancellationToken);
        }
        catch (StepFault busy) when (busy.ErrorClass == ErrorClasses.RateLimited)
        {
            await store.NotMadeAsync(lease, busy.RetryAfter ?? _options.After(batch.Looks), cancellationToken);
        }
        catch (StepFault fault)
        {
            NotSeenTo(log, batch.Id, batch.ExecutionId, fault.ErrorClass, fault.Message);
            await store.LookAgainAsync(lease, _options.Settling, cancellationToken);
        }
    }

    private static async Task<T> AskAsync<T>(BatchOperation operation, StoredBatch batch, Func<Task<T>> ask)
    {
        using var span = BatchTelemetry.Start(operation, batch);
        try
        {
            return await ask();
        }
        catch (StepFault fault)
        {
            span.Fail(fault.ErrorClass, "The provider did not do as asked.");
            throw;
        }
    }

    private async Task MadeAsync(BatchLease lease, StoredBatch batch, string providerBatchId, CancellationToken cancellationToken)
    {
        if (!await store.MadeAsync(lease, providerBatchId, _options.FirstLook, cancellationToken))
        {
            return;
        }

        Made(log, batch.Id, batch.ExecutionId, batch.Calls.Count, $"{batch.ProviderName}:{batch.Model}", providerBatchId);
    }

    private async Task LookAsync(BatchLease lease, StoredBatch batch, IBatchProtocol protocol, ProviderAccount account, string providerBatchId, CancellationToken cancellationToken)
    {
        var look = await AskAsync(BatchOperation.Look, batch, () => protocol.LookAsync(account, providerBatchId, cancellationToken));
        if (look.HasEnded)
        {
            var answered = await TakeAsync(lease, batch, protocol.LinesAsync(account, look, cancellationToken), cancellationToken);
            if (!await store.EndAsync(lease, ErrorClasses.Unavailable, wasMade: true, cancellationToken))
            {
                // Somebody else sees to it now, and still has to read what the provider holds.
                return;
            }

            Ended(log, batch.Id, batch.ExecutionId, answered, batch.Calls.Count);
            await RemoveAsync(batch, protocol, account, look, cancellationToken);
            return;
        }

        if (batch.CancelledFor is not null)
        {
            try
            {
                await AskAsync(BatchOperation.Cancel, batch, async () =>
                {
                    await protocol.CancelAsync(account, providerBatchId, cancellationToken);
                    return true;
                });
            }
            catch (StepFault fault)
            {
                // It may be cancelling already, or have ended just now.
                NotSeenTo(log, batch.Id, batch.ExecutionId, fault.ErrorClass, fault.Message);
            }
        }

        await WaitAsync(lease, batch, batch.CancelledFor is null ? _options.After(batch.Looks) : _options.FirstLook, cancellationToken);
    }

    /// <summary>Writes each line down by itself; answers how many answers there are.</summary>
    private async Task<int> TakeAsync(BatchLease lease, StoredBatch batch, IAsyncEnumerable<BatchLine> lines, CancellationToken cancellationToken)
    {
        var calls = batch.Calls.ToDictionary(call => call.Id);
        var answered = 0;
        await foreach (var line in lines.WithCancellation(cancellationToken))
        {
            BatchTelemetry.Count(batch, line);

            // Of a cancelled batch those without an answer are told why when it ends.
            if (!calls.TryGetValue(line.CallId, out var call) || (line.Answer is null && batch.CancelledFor is not null))
            {
                continue;
            }

            answered += await SettleAsync(lease, Outcome(call, line), cancellationToken) && line.Answer is not null ? 1 : 0;
        }

        return answered;
    }

    /// <summary>Writes one line down; what the database does not take fails that call alone.</summary>
    private async Task<bool> SettleAsync(BatchLease lease, BatchOutcome outcome, CancellationToken cancellationToken)
    {
        try
        {
            return await store.SettleAsync(lease, outcome, cancellationToken);
        }
        catch (PostgresException refused) when (!DatabaseFaults.IsAway(refused))
        {
            return await store.SettleAsync(lease, new(outcome.CallId, null, ErrorClasses.InvalidAnswer, null, default), cancellationToken);
        }
    }

    /// <summary>What the database can hold of a line: it is whatever the provider's server has sent. What has no tokens counted has cost nothing; a refusal may have.</summary>
    private static BatchOutcome Outcome(StoredBatchCall call, BatchLine line)
    {
        var cost = line.Tokens is { } tokens ? call.Price?.Cost(tokens, isBatch: true) : 0;
        var model = line.Answer?.Model is { Length: <= 200 } name && NodeModels.IsText(name) ? name : null;
        return line.Answer is { } answer && NodeModels.IsText(answer.Text)
            ? new(call.Id, answer with { Model = model }, null, cost, answer.Tokens)
            : new(call.Id, null, line.Answer is null ? line.ErrorClass : ErrorClasses.InvalidAnswer, cost, line.Tokens ?? default);
    }

    /// <summary>What the provider keeps of the texts is not needed any more; when that fails, it goes when the provider lets it go.</summary>
    private async Task RemoveAsync(StoredBatch batch, IBatchProtocol protocol, ProviderAccount account, BatchLook look, CancellationToken cancellationToken)
    {
        try
        {
            await protocol.RemoveAsync(account, look, cancellationToken);
        }
        catch (StepFault fault)
        {
            NotSeenTo(log, batch.Id, batch.ExecutionId, fault.ErrorClass, fault.Message);
        }
    }

    /// <summary>Its provider or model was removed, or cannot be asked as it stands.</summary>
    private Task WithoutProviderAsync(BatchLease lease, StoredBatch batch, CancellationToken cancellationToken) => batch.TriedAt is null
        ? store.EndAsync(lease, ErrorClasses.Permanent, wasMade: false, cancellationToken)
        : WaitAsync(lease, batch, _options.After(batch.Looks), cancellationToken);

    /// <summary>Lets it be for a while, or for good when its end has taken too long.</summary>
    private async Task WaitAsync(BatchLease lease, StoredBatch batch, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (batch.CancelledSince > _options.Grace)
        {
            await store.EndAsync(lease, ErrorClasses.TimedOut, wasMade: true, cancellationToken);
            Ended(log, batch.Id, batch.ExecutionId, 0, batch.Calls.Count);
        }
        else
        {
            await store.LookAgainAsync(lease, wait < _options.LongestLook ? wait : _options.LongestLook, cancellationToken);
        }
    }

    [LoggerMessage(LogLevel.Information, "Batch {BatchId} of run {ExecutionId} is made: {Calls} calls of {Model}, there known as {ProviderBatchId}.")]
    private static partial void Made(ILogger log, Guid batchId, Guid executionId, int calls, string model, string providerBatchId);

    [LoggerMessage(LogLevel.Information, "Batch {BatchId} of run {ExecutionId} has ended with {Answered} answers to {Calls} calls.")]
    private static partial void Ended(ILogger log, Guid batchId, Guid executionId, int answered, int calls);

    [LoggerMessage(LogLevel.Information, "Batch {BatchId} of run {ExecutionId} is cancelled ({Reason}).")]
    private static partial void Cancelling(ILogger log, Guid batchId, Guid executionId, string reason);

    [LoggerMessage(LogLevel.Error, "Batch {BatchId} of run {ExecutionId} could not be seen to.")]
    private static partial void Failed(ILogger log, Guid batchId, Guid executionId, Exception error);

    [LoggerMessage(LogLevel.Warning, "The provider of batch {BatchId} of run {ExecutionId} did not do as asked ({ErrorClass}): {Reason}")]
    private static partial void NotSeenTo(ILogger log, Guid batchId, Guid executionId, string errorClass, string reason);
}
