using Lekhika.Core;
using Lekhika.Core.Executions.Steps;
using Lekhika.Persistence.Batches;
using Lekhika.Worker.Ai.Calls;
using Lekhika.Worker.Ai.Routing;
using Lekhika.Worker.Nodes;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Ai.Batches;

/// <summary>
/// What becomes of the first call of a chapter in an economy run: it is parked for a batch, or its answer is there. Whatever else is asked for the chapter,
/// and everything when the batch has failed it, is a normal call.
/// </summary>
internal sealed class BatchLane(ModelCatalogue catalogue, ModelOptions models, BatchAnswerStore answers, TimeProvider time)
{
    /// <summary>The answer as a stream; null: the call is to be made normally.</summary>
    /// <exception cref="CallParkedException">It waits for a batch.</exception>
    public async Task<IAsyncEnumerable<ChatResponseUpdate>?> AskAsync(StepContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        if (context.State.EconomyHours is not { } hours || context.Fault != context.Regeneration?.Fault)
        {
            // The try before this one has found fault with what was answered: the same answer would be no better.
            return null;
        }

        if (context.State.BatchCalls.TryGetValue(context.Step, out var known))
        {
            if (!Fits(known, context))
            {
                context.Calls.Taken = new TakenCall(known.Id, IsUsed: false);
                return null;
            }

            return known.State == "answered" ? await TakeAsync(context, known, cancellationToken) : null;
        }

        if (context.Written.Length > 0)
        {
            return null;
        }

        var call = options.Call() ?? throw new InvalidOperationException("Nobody has said what the call is for.");
        var model = (await catalogue.ForAsync(context.State.Lease.UserId, cancellationToken)).Candidates(call)[0];
        if (!model.HasBatches || BatchProtocols.For(model.Provider.Kind) is null)
        {
            return null;
        }

        var asked = models.For(model, messages, options);
        var record = RecordingChatClient.Record(model.Provider, model.Facts?.Price, call, asked, time) with { Batch = true };
        var request = await BatchRequest.OfAsync(model.Provider, model.ModelId, messages, asked, cancellationToken);
        throw new CallParkedException(new ParkedCall(record, model.Provider.Id, request, hours, Inputs(context)));
    }

    /// <summary>Whether the call was for what the step would be made of now: an outline may have been made anew while it waited.</summary>
    public static bool Fits(BatchCall call, StepContext context) => call.Inputs.AsSpan().SequenceEqual(Inputs(context));

    private static byte[] Inputs(StepContext context) => StepInputs.Hash(
        Json.Write(StepInputs.Of(context.State.Facts, context.Node, context.Element, context.Regeneration?.Guidance, context.Regeneration?.Fault)));

    /// <summary>The answer, without what of it is durable already since a worker died over it.</summary>
    private async Task<IAsyncEnumerable<ChatResponseUpdate>?> TakeAsync(StepContext context, BatchCall call, CancellationToken cancellationToken)
    {
        if (await answers.FindAsync(context.State.Lease.UserId, call.Id, cancellationToken) is not { } answer || !answer.Text.StartsWith(context.Written, StringComparison.Ordinal))
        {
            return null;
        }

        context.Calls.Taken = new TakenCall(call.Id, IsUsed: true);
        return Update(answer, answer.Text[context.Written.Length..]);
    }

    private static IAsyncEnumerable<ChatResponseUpdate> Update(BatchAnswer answer, string text)
    {
        var usage = new UsageDetails { InputTokenCount = answer.Tokens.Input, OutputTokenCount = answer.Tokens.Output };
        var whole = new ChatResponseUpdate(ChatRole.Assistant, [new TextContent(text), new UsageContent(usage)])
        {
            ModelId = answer.Model,
            FinishReason = new ChatFinishReason(answer.FinishReason),
        };
        return new[] { whole }.ToAsyncEnumerable();
    }
}
