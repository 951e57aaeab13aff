using Lekhika.Core.Workflows;

namespace Lekhika.Core.Executions.Steps;

/// <summary>
/// What a step will cost, before it is done: what it cost before, else from the sizes of what goes in and of what is to come out. An
/// estimate for people; nothing is charged by it.
/// </summary>
internal static class TokenEstimate
{
    // English prose is about four tokens to three words; JSON and other scripts take more, and instructions come on top.
    private const double TokensPerWord = 1.3;
    private const double TokensPerWrittenWord = 1.4;
    private const int Instructions = 500;
    private const int PlanningAnswer = 1_500;

    /// <summary>Tokens read and written; zeros where no model is asked.</summary>
    /// <param name="earlier">The same step's earlier output; one that was copied cost nothing and tells nothing.</param>
    /// <param name="read">Words of what it reads, as far as known.</param>
    /// <param name="words">Target words of a chapter.</param>
    public static (long Input, long Output) Of(WorkflowNode node, string kind, StoredStep? earlier, int read, int words)
    {
        if (!AsksModel(node, kind))
        {
            return (0, 0);
        }

        if (earlier is { InputTokens: > 0 } or { OutputTokens: > 0 })
        {
            return (earlier.InputTokens, earlier.OutputTokens);
        }

        return ((long)(read * TokensPerWord) + Instructions, kind == OutputKinds.Chapter ? (long)(words * TokensPerWrittenWord) : PlanningAnswer);
    }

    private static bool AsksModel(WorkflowNode node, string kind) => node.Data.AiEnabled
        && kind is not (OutputKinds.Manuscript or OutputKinds.Handover or OutputKinds.Decision or OutputKinds.Approval
            // Paid for by the picture, mostly.
            or OutputKinds.Image or OutputKinds.Cover);
}
