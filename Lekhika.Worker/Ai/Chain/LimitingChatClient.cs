using System.Runtime.CompilerServices;
using Lekhika.Persistence.Signals;
using Lekhika.Worker.Ai.Calls;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Nodes;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Ai.Chain;

/// <summary>
/// Holds the calls of a model to the account's limits, over all processes. A call waits in the order of arrival, at most 10 minutes, or 2
/// seconds where another model would be asked instead, and then fails as rate limited. It is estimated to use a third of its messages'
/// characters and half of the tokens that its answer may have (half of 4,096 when nobody says); the true number takes the estimate's place
/// when the answer tells it.
/// </summary>
internal sealed class LimitingChatClient(IChatClient inner, ProviderAccount account, string modelId, ModelLimiters limiters) : DelegatingChatClient(inner)
{
    private const int CharactersPerToken = 3;
    private const int UsualMaxOutput = 4_096;

    private readonly ModelLimits _limits = new(account.Settings.Concurrency, account.Settings.RequestsPerMinute, account.Settings.TokensPerMinute);

    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (_limits.IsEmpty)
        {
            return await base.GetResponseAsync(messages, options, cancellationToken);
        }

        var asked = messages as IReadOnlyCollection<ChatMessage> ?? [.. messages];
        await using var lease = await AcquireAsync(asked, options, cancellationToken);
        var response = await base.GetResponseAsync(asked, options, cancellationToken);
        Count(lease, response.Usage);
        return response;
    }

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        _limits.IsEmpty
            ? base.GetStreamingResponseAsync(messages, options, cancellationToken)
            : StreamAsync(messages as IReadOnlyCollection<ChatMessage> ?? [.. messages], options, cancellationToken);

    /// <summary>Tokens that a call is expected to use.</summary>
    internal static int Estimate(IEnumerable<ChatMessage> messages, ChatOptions? options) =>
        (int)Math.Min(int.MaxValue, (messages.Sum(message => (long)message.Text.Length) / CharactersPerToken) + ((options?.MaxOutputTokens ?? UsualMaxOutput) / 2));

    private static void Count(LimitLease lease, UsageDetails? usage)
    {
        if ((usage?.TotalTokenCount ?? usage?.InputTokenCount + usage?.OutputTokenCount) is { } tokens)
        {
            lease.Used = (lease.Used ?? 0) + tokens;
        }
    }

    private async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IReadOnlyCollection<ChatMessage> messages, ChatOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var lease = await AcquireAsync(messages, options, cancellationToken);
        await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            foreach (var content in update.Contents)
            {
                Count(lease, (content as UsageContent)?.Details);
            }

            yield return update;
        }
    }

    /// <exception cref="StepFault">It may not begin in time.</exception>
    private Task<LimitLease> AcquireAsync(IReadOnlyCollection<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken) =>
        limiters.For(account, modelId).AcquireAsync(
            $"the model '{modelId}' of the provider '{account.Name}'",
            _limits,
            Estimate(messages, options),
            options.Call()?.HasAlternative == true ? ModelLimiter.ShortPatience : ModelLimiter.LongPatience,
            cancellationToken);
}
