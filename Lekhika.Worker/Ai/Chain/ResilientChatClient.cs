using System.Runtime.CompilerServices;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Nodes;
using Lekhika.Worker.Pipeline;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Ai.Chain;

/// <summary>How long a call may take.</summary>
internal sealed record CallTimes
{
    /// <summary>Longest wait for the first word: some models think for long, and say nothing meanwhile. Default 5 minutes.</summary>
    public TimeSpan FirstWord { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Longest silence of a stream from then on. Default 3 minutes.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Longest call. Default 30 minutes.</summary>
    public TimeSpan Whole { get; init; } = TimeSpan.FromMinutes(30);
}

/// <summary>
/// Gives whatever goes wrong with a call its error class, ends calls that fall silent or take too long, and does not ask a provider that is
/// out. It never asks twice: tries are the step's (<see cref="Pipeline.StepRunner"/>), other models the router's.
/// </summary>
internal sealed class ResilientChatClient(IChatClient inner, ProviderAccount account, ProviderBreaker breaker, TimeProvider time, CallTimes times) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var call = breaker.Begin(account.Name);
        using var watch = new Watch(times, time, cancellationToken);
        watch.Expect(times.Whole);
        try
        {
            var response = await base.GetResponseAsync(messages, options, watch.Token);
            call.Succeeded();
            return response;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested && error is not OwnershipLostException)
        {
            throw Fault(error, watch, call);
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var call = breaker.Begin(account.Name);
        using var watch = new Watch(times, time, cancellationToken);
        IAsyncEnumerator<ChatResponseUpdate>? stream = null;
        var hasWords = false;
        try
        {
            while (true)
            {
                watch.Expect(hasWords ? times.Silence : times.FirstWord);
                try
                {
                    stream ??= base.GetStreamingResponseAsync(messages, options, watch.Token).GetAsyncEnumerator(watch.Token);
                    if (!await stream.MoveNextAsync())
                    {
                        break;
                    }
                }
                catch (Exception error) when (!cancellationToken.IsCancellationRequested && error is not OwnershipLostException)
                {
                    throw Fault(error, watch, call);
                }

                // However long the caller thinks about a piece, it is no silence of the provider's.
                watch.Rest();
                call.Answered();
                hasWords |= stream.Current.Text.Length > 0;
                yield return stream.Current;
            }

            call.Succeeded();
        }
        finally
        {
            if (stream is not null)
            {
                await stream.DisposeAsync();
            }
        }
    }

    /// <summary>The fault that an error is to the step, told to the breaker.</summary>
    private StepFault Fault(Exception error, Watch watch, ProviderBreaker.Call call)
    {
        var fault = CallFaults.Of(error, watch.IsOver, account);
        if (CallFaults.IsOutage(fault))
        {
            call.Failed();
        }
        else
        {
            // It has answered, if not what was hoped for.
            call.Succeeded();
        }

        return fault;
    }

    /// <summary>The time that a call has; its token ends with it, and with the caller's.</summary>
    private sealed class Watch : IDisposable
    {
        private readonly CancellationTokenSource _over;
        private readonly CancellationTokenSource _either;
        private readonly CallTimes _times;
        private readonly TimeProvider _time;
        private readonly long _started;

        public Watch(CallTimes times, TimeProvider time, CancellationToken cancellationToken)
        {
            (_times, _time, _started) = (times, time, time.GetTimestamp());
            _over = new CancellationTokenSource(times.Whole, time);
            _either = CancellationTokenSource.CreateLinkedTokenSource(_over.Token, cancellationToken);
        }

        public CancellationToken Token => _either.Token;

        public bool IsOver => _over.IsCancellationRequested;

        /// <summary>The provider's turn.</summary>
        public void Expect(TimeSpan patience) => _over.CancelAfter(Left < patience ? Left : patience);

        /// <summary>The caller's turn.</summary>
        public void Rest() => _over.CancelAfter(Left);

        public void Dispose()
        {
            _either.Dispose();
            _over.Dispose();
        }

        private TimeSpan Left => _times.Whole - _time.GetElapsedTime(_started) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
