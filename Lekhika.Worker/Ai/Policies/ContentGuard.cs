using System.Text.Json;
using Lekhika.Core.Executions;
using Lekhika.Core.Policies;
using Lekhika.Worker.Ai.Calls;
using Lekhika.Worker.Ai.Routing;
using Lekhika.Worker.Nodes;

namespace Lekhika.Worker.Ai.Policies;

/// <summary>Holds what models have written against the tenant's policy, before anything of it is kept.</summary>
internal sealed class ContentGuard(ModelCatalogue catalogue, Moderator moderator)
{
    /// <summary>Checks a chapter, or a scene of it.</summary>
    /// <param name="text">All that is there of it.</param>
    /// <param name="seen">The beginning of it that a moderation model has judged already.</param>
    /// <exception cref="StepFault">It is refused.</exception>
    public async Task CheckAsync(StepContext context, string text, string seen, CancellationToken cancellationToken)
    {
        var models = await catalogue.ForAsync(context.State.Lease.UserId, cancellationToken);
        // The words of all of it: a phrase may go over the end of a scene, and the policy may forbid more than when that was judged.
        Refuse(PolicyRules.Find(text, models.Policy));
        var rest = text.StartsWith(seen, StringComparison.Ordinal) ? text[seen.Length..] : text;
        await ModerateAsync(context, models, rest, cancellationToken);
    }

    /// <summary>Checks structured data.</summary>
    /// <param name="content">JSON.</param>
    /// <exception cref="StepFault">It is refused.</exception>
    public async Task CheckAsync(StepContext context, string content, CancellationToken cancellationToken)
    {
        var models = await catalogue.ForAsync(context.State.Lease.UserId, cancellationToken);
        using var json = JsonDocument.Parse(content);
        Refuse(PolicyRules.Find(json.RootElement, models.Policy));
        if (models.Moderations.Count > 0)
        {
            await ModerateAsync(context, models, string.Join('\n', PolicyRules.Texts(json.RootElement)), cancellationToken);
        }
    }

    private async Task ModerateAsync(StepContext context, TenantModels models, string text, CancellationToken cancellationToken)
    {
        if (models.Moderations.Count > 0 && !string.IsNullOrWhiteSpace(text))
        {
            var call = new ModelCall(context.State.Lease, context.Step, context.Role.Key, Moderator.Task, [], context.Calls);
            Refuse(await moderator.FindAsync(call, models.Moderations, models.Policy, text, cancellationToken));
        }
    }

    private static void Refuse(PolicyFinding? finding)
    {
        if (finding is not null)
        {
            throw new StepFault(ErrorClasses.Refused, $"The model's answer has what is not written here: {finding.What}. Change the brief or the content policy.");
        }
    }
}
