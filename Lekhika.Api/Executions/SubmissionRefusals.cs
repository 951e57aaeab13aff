using Lekhika.Api.Errors;
using Lekhika.Core.Executions.Submissions;

namespace Lekhika.Api.Executions;

/// <summary>How the Api tells why a run is not queued.</summary>
internal static class SubmissionRefusals
{
    public static Refusal Refusal(this SubmissionFault fault) => fault switch
    {
        SubmissionFault.NoEngine => Refusals.NoEngine,
        SubmissionFault.InactiveEngine => Refusals.InactiveEngine,
        SubmissionFault.BadWorkflow bad => Refusals.BadWorkflow(bad.Faults),
        SubmissionFault.BadForm bad => Refusals.Invalid(bad.Errors),
        SubmissionFault.ContentRefused refused => Refusals.ContentRefused(refused.Refusal),
        SubmissionFault.KeyReused => Refusals.KeyReused,
        _ => throw new ArgumentException($"Nobody has said how {fault} is told.", nameof(fault)),
    };
}
