using Lekhika.Persistence.Batches;

namespace Lekhika.Worker.Ai.Batches;

/// <summary>A call was not made: it waits for a batch, and its step with it. No failure, but it ends the step's work here as one would.</summary>
internal sealed class CallParkedException(ParkedCall call) : Exception("The call waits for a batch.")
{
    public ParkedCall Call => call;
}
