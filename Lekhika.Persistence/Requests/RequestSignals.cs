using Lekhika.Persistence.Signals;

namespace Lekhika.Persistence.Requests;

/// <summary>Tells what was asked of a run, after the commit: whoever has something to do now, and whoever watches the run.</summary>
public sealed class RequestSignals(WakeUpSignals wakeUps, LiveSignals live)
{
    /// <summary>Nothing is told of a request that was not carried out.</summary>
    public void Tell(Guid executionId, RequestOutcome outcome)
    {
        if (!outcome.IsDone)
        {
            return;
        }

        live.Changed(executionId);
        if (outcome.Wake is { } topic)
        {
            wakeUps.Send(topic);
        }
    }
}
