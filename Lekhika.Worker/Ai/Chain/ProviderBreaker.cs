using Lekhika.Core.Executions;
using Lekhika.Worker.Nodes;
using Polly;
using Polly.CircuitBreaker;

namespace Lekhika.Worker.Ai.Chain;

/// <summary>
/// Asks a provider no more for 30 seconds when half of at least ten calls that ended within 30 seconds failed because it was unavailable
/// or did not answer in time; then one call finds out whether it is back. Anything else that goes wrong with a call says nothing of the
/// provider's health.
/// </summary>
internal sealed class ProviderBreaker
{
    private static readonly TimeSpan Sampling = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Break = TimeSpan.FromSeconds(30);

    /// <summary>How soon to ask again while another call finds out.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private readonly CircuitBreakerStateProvider _state = new();
    private readonly ResiliencePipeline<bool> _circuit;
    private readonly TimeProvider _time;
    private long _openUntil;

    public ProviderBreaker(TimeProvider time)
    {
        _time = time;
        _circuit = new ResiliencePipelineBuilder<bool> { TimeProvider = time }.AddCircuitBreaker(new CircuitBreakerStrategyOptions<bool>
        {
            FailureRatio = 0.5,
            MinimumThroughput = 10,
            SamplingDuration = Sampling,
            BreakDurationGenerator = _ =>
            {
                Volatile.Write(ref _openUntil, (time.GetUtcNow() + Break).UtcTicks);
                return new(Break);
            },
            ShouldHandle = static outcome => new(!outcome.Outcome.Result),
            StateProvider = _state,
        }).Build();
    }

    /// <summary>In this process: closed (it is asked), open (it is not), half_open (one call finds out).</summary>
    public string State => _state.CircuitState switch
    {
        CircuitState.Closed => "closed",
        CircuitState.HalfOpen => "half_open",
        _ => "open",
    };

    /// <summary>Begins a call; what is disposed without a word about its end was given up by the caller.</summary>
    /// <exception cref="StepFault">The provider is out.</exception>
    public Call Begin(string provider)
    {
        var call = new Call(this);
        return call.HasBegun
            ? call
            : throw new StepFault(ErrorClasses.Unavailable, $"The provider '{provider}' is out: too many of the last calls failed. It is asked again soon.")
            {
                RetryAfter = TimeSpan.FromTicks(Volatile.Read(ref _openUntil) - _time.GetUtcNow().UtcTicks) is var left && left > TimeSpan.Zero ? left : Soon,
            };
    }

    // A strategy that waits for nothing calls back before it returns.
    private void Run(Func<ValueTask<Outcome<bool>>> callback) =>
        _ = _circuit.ExecuteOutcomeAsync(static (_, callback) => callback(), ResilienceContextPool.Shared.Get(), callback).AsTask();

    /// <summary>One call of the provider, from its beginning to the end of its answer.</summary>
    internal sealed class Call : IDisposable
    {
        private readonly TaskCompletionSource<Outcome<bool>> _end = new();
        private readonly ProviderBreaker _breaker;
        private bool _isProbe;

        public Call(ProviderBreaker breaker)
        {
            _breaker = breaker;
            breaker.Run(() =>
            {
                HasBegun = true;
                _isProbe = breaker._state.CircuitState == CircuitState.HalfOpen;
                return new(_end.Task);
            });
        }

        public bool HasBegun { get; private set; }

        /// <summary>The provider has begun to answer: where that was the question, nobody waits for the end.</summary>
        public void Answered()
        {
            if (_isProbe)
            {
                Succeeded();
            }
        }

        public void Succeeded() => End(true);

        public void Failed()
        {
            if (!End(false))
            {
                _breaker.Run(static () => new(Outcome.FromResult(false)));
            }
        }

        /// <summary>A probe that was given up has found out nothing, so another one follows after another break; of any other nothing is counted.</summary>
        public void Dispose()
        {
            if (_isProbe)
            {
                End(false);
            }
        }

        /// <summary>Counted when this returns, so that the next call knows: the circuit's continuation runs here, which a synchronisation context of the caller's would put off.</summary>
        private bool End(bool isGood)
        {
            var context = SynchronizationContext.Current;
            SynchronizationContext.SetSynchronizationContext(null);
            try
            {
                return _end.TrySetResult(Outcome.FromResult(isGood));
            }
            finally
            {
                SynchronizationContext.SetSynchronizationContext(context);
            }
        }
    }
}
