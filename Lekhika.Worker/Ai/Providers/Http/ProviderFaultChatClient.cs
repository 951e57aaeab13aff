using System.Runtime.CompilerServices;
using Lekhika.Core.Executions;
using Lekhika.Worker.Nodes;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Ai.Providers.Http;

/// <summary>Every failure of a provider's client as a <see cref="StepFault"/>; an answer that ends without a reason is one: it was cut on its way.</summary>
/// <param name="own">What the provider's own errors mean; null for others.</param>
internal sealed class ProviderFaultChatClient(IChatClient inner, Func<Exception, StepFault?> own) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            var response = await base.GetResponseAsync(messages, options, cancellationToken);
            return response.FinishReason is null ? throw Cut() : response;
        }
        catch (Exception error)
        {
            throw Fault(error, cancellationToken);
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var finished = false;
        await using var stream = base.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await stream.MoveNextAsync())
                {
                    break;
                }
            }
            catch (Exception error)
            {
                throw Fault(error, cancellationToken);
            }

            finished |= stream.Current.FinishReason is not null;
            yield return stream.Current;
        }

        if (!finished)
        {
            throw Cut();
        }
    }

    private static StepFault Cut() => new(ErrorClasses.Unavailable, "The model's answer was cut off on its way.");

    private Exception Fault(Exception error, CancellationToken cancellationToken) => own(error) ?? ProviderFaults.Of(error, cancellationToken);
}
