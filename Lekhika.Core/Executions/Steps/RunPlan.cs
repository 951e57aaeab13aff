namespace Lekhika.Core.Executions.Steps;

/// <summary>What becomes of a step when a run is made from another.</summary>
public enum PlannedAction
{
    /// <summary>Its earlier output serves.</summary>
    Reuse,

    /// <summary>It is done, and paid.</summary>
    Run,

    /// <summary>A condition leads elsewhere.</summary>
    Skip,

    /// <summary>A person is asked.</summary>
    Wait,
}

/// <summary>A step of a plan.</summary>
/// <param name="Item">0 for a node without fan-out; else the element's number from 1.</param>
/// <param name="Reasons">Why it is not reused, in words for people; empty when it is.</param>
/// <param name="InputTokens">Estimated: what it costs when it runs, what is saved when it is reused.</param>
public sealed record PlannedStep(string NodeId, int Item, PlannedAction Action, IReadOnlyList<string> Reasons, long InputTokens, long OutputTokens)
{
    /// <summary>The finished step that is reused; null unless <see cref="Action"/> says so.</summary>
    public StepKey? Source { get; init; }
}

/// <summary>Steps and their estimated tokens together.</summary>
public sealed record PlanTotals(int Steps, long InputTokens, long OutputTokens);

/// <summary>What a run that is made from another would do again, and what it would not.</summary>
/// <param name="Steps">Each step after those before it, the items of a fan-out in order.</param>
public sealed record RunPlan(IReadOnlyList<PlannedStep> Steps)
{
    /// <summary>What is done.</summary>
    public PlanTotals Run => Totals(PlannedAction.Run);

    /// <summary>What is saved.</summary>
    public PlanTotals Reuse => Totals(PlannedAction.Reuse);

    private PlanTotals Totals(PlannedAction action)
    {
        var steps = Steps.Where(step => step.Action == action).ToList();
        return new(steps.Count, steps.Sum(step => step.InputTokens), steps.Sum(step => step.OutputTokens));
    }
}

/// <summary>A finished step that would be made of other things now.</summary>
/// <param name="Reasons">What differs, in words for people.</param>
public sealed record StaleStep(StepKey Step, IReadOnlyList<string> Reasons);
