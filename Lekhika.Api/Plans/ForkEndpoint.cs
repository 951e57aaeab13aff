using System.Diagnostics;
using System.Security.Claims;
using System.Security.Cryptography;
using Lekhika.Api.Auth;
using Lekhika.Api.Engines;
using Lekhika.Api.Errors;
using Lekhika.Api.Executions;
using Lekhika.Core;
using Lekhika.Core.Executions;
using Lekhika.Core.Executions.Steps;
using Lekhika.Core.Executions.Submissions;
using Lekhika.Core.Exports;
using Lekhika.Core.Policies;
using Lekhika.Persistence.Plans;
using Lekhika.Persistence.Policies;
using Lekhika.Persistence.Signals;
using Lekhika.Persistence.Submissions;
using Lekhika.Persistence.Themes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lekhika.Api.Plans;

/// <summary>Makes a run from another.</summary>
internal static class ForkEndpoint
{
    public static async Task<Results<Accepted<ForkAnswer>, Refusal>> Fork(
        Guid executionId,
        PlanRequest request,
        HttpContext context,
        ClaimsPrincipal caller,
        ExecutionPlanStore executions,
        ForkStore forks,
        ThemeStore themes,
        PolicyStore policies,
        WakeUpSignals signals,
        CancellationToken cancellationToken)
    {
        // What cannot be stored cannot be written again either, so it has no hash.
        if (request.Workflow is { } workflow && SentWorkflow.Check(workflow) is { Faults.Count: > 0 } sent)
        {
            return Refusals.BadWorkflow(sent.Faults);
        }

        if (!IdempotencyKey.TryRead(context.Request, Asked(executionId, request), out var idempotency))
        {
            return Refusals.BadIdempotencyKey;
        }

        var userId = caller.UserId();
        if (await executions.LoadAsync(userId, executionId, cancellationToken) is not { } source)
        {
            return Refusals.NoExecution;
        }

        var earlier = idempotency is null ? null : await executions.EarlierAsync(userId, idempotency.Key, cancellationToken);
        var (change, refusal) = await PlannedChange.ReadAsync(request, userId, source, executions, themes, isMade: earlier is not null, cancellationToken);
        if (change is null || (earlier is null && source.EngineStatus != "active"))
        {
            return refusal ?? Refusals.InactiveEngine;
        }

        if (earlier is null)
        {
            var policy = (await policies.ReadAsync(userId, cancellationToken)).Effective;
            if ((ContentRefusal.Find(policy, change.Run.Brief) ?? ContentRefusal.Find(policy, request.Options?.Settings, "options.settings")) is { } refused)
            {
                return Refusals.ContentRefused(refused);
            }
        }

        var plan = RunPlanner.Plan(source.Run, change.Run);
        var run = earlier ?? await forks.ForkAsync(New(userId, source, change, request, plan, idempotency), cancellationToken);
        if (run.IsNew)
        {
            signals.Send(WakeUpTopic.Runs);
        }
        else if (!CryptographicOperations.FixedTimeEquals(run.RequestHash, idempotency?.Hash))
        {
            return Refusals.KeyReused;
        }
        else
        {
            context.Response.Headers[IdempotencyKey.ReplayedHeader] = "true";
        }

        var statusUrl = $"/v1/executions/{run.Id}";
        return TypedResults.Accepted(statusUrl, new ForkAnswer(run.Id, "queued", statusUrl, new ForkTotals(plan.Run, plan.Reuse)));
    }

    private static NewFork New(Guid userId, StoredExecution source, PlannedChange change, PlanRequest request, RunPlan plan, IdempotentRequest? idempotency) => new(
        userId,
        source.Id,
        change.NewWorkflow is null ? change.VersionId : Guid.CreateVersion7(),
        change.NewWorkflow,
        change.Run.Brief,
        [.. change.Run.Formats.Select(ExportFormat.Find).OfType<ExportFormat>()],
        change.Run.Settings,
        request.Options?.Priority,
        Activity.Current is { IdFormat: ActivityIdFormat.W3C } span ? span.Id : null,
        idempotency,
        [.. plan.Steps.Select(step => step.Source).OfType<StepKey>()])
    {
        EconomyHours = request.Options?.Speed is { } speed ? RunSpeed.EconomyHours(speed, request.Options.EconomyHours) ?? 0 : null,
        PromptVersions = Json.Write(change.Run.Prompts.Versions),
    };

    // The form's values as they were sent: not every JSON string can be written again (half a surrogate pair).
    private static string Asked(Guid executionId, PlanRequest request)
    {
        var form = (request.UserInput ?? []).Select(value => $"{Json.Write(value.Key)}:{value.Value.GetRawText()}");
        return $"fork {executionId} {{{string.Join(',', form)}}} {Json.Write(request with { UserInput = null })}";
    }
}
