using System.Runtime.CompilerServices;
using Lekhika.Core.Executions;
using Lekhika.Worker.Ai.Calls;
using Lekhika.Worker.Nodes;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Ai.Routing;

/// <summary>
/// Asks the first model that may be asked, and the next one when that is out, refuses, or has no room: as long as nothing of the answer
/// has come. From its first words on an answer is that model's, and what breaks it is the caller's to know. One that refuses a temperature is asked
/// without it.
/// </summary>
internal sealed partial class ModelRouter(ModelCatalogue catalogue, ModelOptions models, ILogger<ModelRouter> log) : IChatClient
{
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var call = options.Call() ?? throw new InvalidOperationException("Nobody has said what the call is for.");
        var candidates = (await catalogue.ForAsync(call.Lease.UserId, cancellationToken)).Candidates(call);
        for (var next = 0; ;)
        {
            var model = candidates[next];
            var hasAlternative = next + 1 < candidates.Count;
            var asked = models.For(model, messages, options!).With(call with { HasAlternative = hasAlternative });
            await using var answer = model.Client.GetStreamingResponseAsync(messages, asked, cancellationToken).GetAsyncEnumerator(cancellationToken);
            var begun = new List<ChatResponseUpdate>();
            try
            {
                await BeginAsync(answer, begun);
            }
            catch (StepFault fault) when (models.Learn(model, asked, fault))
            {
                Without(log, model.Key, fault.Parameter!, call.Lease.ExecutionId);
                continue;
            }
            catch (StepFault fault) when (hasAlternative && fault.ErrorClass is ErrorClasses.Unavailable or ErrorClasses.TimedOut or ErrorClasses.RateLimited or ErrorClasses.Refused)
            {
                Next(log, model.Key, fault.ErrorClass, candidates[next + 1].Key, call.Lease.ExecutionId);
                next++;
                continue;
            }

            foreach (var update in begun)
            {
                yield return Named(update, model);
            }

            while (await answer.MoveNextAsync())
            {
                yield return Named(answer.Current, model);
            }

            yield break;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    /// <summary>Reads until there is text, or the end.</summary>
    private static async Task BeginAsync(IAsyncEnumerator<ChatResponseUpdate> answer, List<ChatResponseUpdate> begun)
    {
        while (begun.LastOrDefault() is not { Text.Length: > 0 } && await answer.MoveNextAsync())
        {
            begun.Add(answer.Current);
        }

        if (begun.TrueForAll(update => update.Text.Length == 0) && begun.Exists(update => update.FinishReason == ChatFinishReason.ContentFilter))
        {
            throw StepFault.Withheld();
        }
    }

    private static ChatResponseUpdate Named(ChatResponseUpdate update, AvailableModel model)
    {
        update.ModelId ??= model.ModelId;
        return update;
    }

    [LoggerMessage(LogLevel.Information, "The model {Model} takes no {Parameter} and is asked without it from now on, first for run {ExecutionId}.")]
    private static partial void Without(ILogger log, string model, string parameter, Guid executionId);

    [LoggerMessage(LogLevel.Warning, "The model {Model} cannot be asked ({ErrorClass}); {Next} is asked instead, for run {ExecutionId}.")]
    private static partial void Next(ILogger log, string model, string errorClass, string next, Guid executionId);
}
