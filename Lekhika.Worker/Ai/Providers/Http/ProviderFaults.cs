using Lekhika.Core.Executions;
using Lekhika.Worker.Nodes;

namespace Lekhika.Worker.Ai.Providers.Http;

/// <summary>What a provider's client threw, as a <see cref="StepFault"/>.</summary>
internal static class ProviderFaults
{
    public const string Refusal = "The model's provider will not write this. Change the brief, or choose another model.";

    /// <summary>The fault of an error; a cancellation when it is the caller's own. Only errors of the network are kept inside: others may quote what was sent.</summary>
    public static Exception Of(Exception error, CancellationToken cancellationToken) => error switch
    {
        StepFault => error,
        _ when cancellationToken.IsCancellationRequested => error as OperationCanceledException ?? new OperationCanceledException(cancellationToken),
        OperationCanceledException or TimeoutException => new StepFault(ErrorClasses.TimedOut, "The model's server did not answer in time."),
        HttpRequestException or IOException => new StepFault(ErrorClasses.Unavailable, "The model's server could not be reached, or the connection broke.", error),
        { InnerException: HttpRequestException or IOException } => Of(error.InnerException, cancellationToken),
        _ => new StepFault(ErrorClasses.Unavailable, $"The model's server answered what its protocol does not know ({error.GetType().Name})."),
    };

    public static StepFault Refused() => new(ErrorClasses.Refused, Refusal);
}
