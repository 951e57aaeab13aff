using System.Diagnostics;
using Lekhika.Core.Executions;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Runs;

namespace Lekhika.Worker;

/// <summary>Spans and tags of a run. One trace for one run: each span hangs below the request that submitted it.</summary>
internal static class WorkerTelemetry
{
    public const string ExecutionId = "lekhika.execution.id";
    public const string Attempt = "lekhika.execution.attempt";
    public const string NodeId = "lekhika.node.id";
    public const string NodeType = "lekhika.node.type";
    public const string NodeRole = "lekhika.node.role";
    public const string ChapterNumber = "lekhika.chapter.number";
    public const string Try = "lekhika.step.try";
    public const string ErrorType = "error.type";

    private static readonly ActivitySource Source = new("Lekhika.Worker");

    public static Activity? StartRun(RunLease lease, string? traceParent)
    {
        var parent = ActivityContext.TryParse(traceParent, null, isRemote: true, out var request) ? request : default;
        var span = Source.StartActivity("run", ActivityKind.Consumer, parent);
        span?.SetTag(ExecutionId, lease.ExecutionId).SetTag(Attempt, lease.Attempt);
        return span;
    }

    public static Activity? StartStep(WorkflowNode node, StepKey step, ActivityContext run)
    {
        var span = Source.StartActivity($"node {node.Data.Role}", ActivityKind.Internal, run);
        span?.SetTag(NodeId, node.Id).SetTag(NodeType, node.Type.ToString().ToLowerInvariant()).SetTag(NodeRole, node.Data.Role);
        if (step.Item > 0)
        {
            span?.SetTag(ChapterNumber, step.Item);
        }

        return span;
    }

    public static void Fail(this Activity? span, string errorClass, string message) =>
        span?.SetTag(ErrorType, errorClass).SetStatus(ActivityStatusCode.Error, message);
}
