using System.Diagnostics;
using Lekhika.Api.Engines;
using Lekhika.Api.Errors;
using Lekhika.Core.Exports;
using Lekhika.Core.Planning;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Engines;
using Lekhika.Persistence.Submissions;

namespace Lekhika.Api.Executions;

/// <summary>Checks a request against the engine it is for: everything is known to be good before anything is queued.</summary>
internal static class Submission
{
    /// <summary>The run to queue, or why not.</summary>
    public static (NewRun? Run, Refusal? Refusal) Check(ExecuteRequest request, Guid userId, UserEngine engine, IdempotentRequest? idempotency)
    {
        if (engine.Summary.Status != "active")
        {
            return (null, Refusals.InactiveEngine);
        }

        var workflow = StoredWorkflow.Read(engine.Workflow);
        if (workflow.Faults.Count > 0)
        {
            return (null, Refusals.BadWorkflow(workflow.Faults));
        }

        var reading = BriefReader.Read(request.UserInput!);
        if (reading.Brief is not { } brief)
        {
            return (null, Refusals.Invalid(reading.Errors));
        }

        var options = request.Options;
        return (new NewRun(
            userId,
            engine,
            options?.Seed is { } seed ? brief with { Seed = seed } : brief,
            Formats(options?.Formats, reading.Formats, workflow.Definition!),
            options?.Settings ?? new ExportSettings(),
            options?.Priority ?? 0,
            Activity.Current is { IdFormat: ActivityIdFormat.W3C } span ? span.Id : null,
            idempotency,
            options?.ConcurrencyKey), null);
    }

    /// <summary>What the options ask for, else the form, else the engine's output node, else all; in the order in which they are made.</summary>
    private static List<ExportFormat> Formats(IReadOnlyList<string>? options, IReadOnlyList<ExportFormat> form, WorkflowDefinition workflow)
    {
        var asked = Known(options);
        if (asked.Count == 0)
        {
            asked = [.. form];
        }

        if (asked.Count == 0)
        {
            asked = Known(workflow.Nodes.Single(node => node.Type == NodeType.Output).Data.ExportFormats);
        }

        return [.. ExportFormat.All.Where(format => asked.Count == 0 || asked.Contains(format))];
    }

    private static List<ExportFormat> Known(IReadOnlyList<string>? words) => [.. (words ?? []).Select(ExportFormat.Find).OfType<ExportFormat>()];
}
