using Lekhika.Core.Executions;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Nodes;

namespace Lekhika.Worker.Ai.Chain;

/// <summary>The fault that an error of a provider's client is to a step.</summary>
internal static class CallFaults
{
    /// <param name="isOver">Whether the call had its time.</param>
    public static StepFault Of(Exception error, bool isOver, ProviderAccount account) => error switch
    {
        _ when isOver => new StepFault(ErrorClasses.TimedOut, $"The model of the provider '{account.Name}' did not answer in time.", error),
        StepFault known => known,
        OperationCanceledException or TimeoutException => new StepFault(ErrorClasses.TimedOut, $"The model of the provider '{account.Name}' did not answer in time.", error),
        // Whatever a provider's client throws, torn streams among it: another try may help.
        _ => new StepFault(ErrorClasses.Unavailable, $"The model of the provider '{account.Name}' could not be reached, or did not answer in time.", error),
    };

    /// <summary>Whether it says that the provider is out.</summary>
    public static bool IsOutage(StepFault fault) => fault.ErrorClass is ErrorClasses.Unavailable or ErrorClasses.TimedOut;
}
