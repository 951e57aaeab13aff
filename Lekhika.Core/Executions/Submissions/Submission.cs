using System.Text.Json;
using Lekhika.Core.Exports;
using Lekhika.Core.Planning;
using Lekhika.Core.Policies;
using Lekhika.Core.Workflows;

namespace Lekhika.Core.Executions.Submissions;

/// <summary>What is to be written, as it was checked against the engine it is for.</summary>
/// <param name="Settings">What the options ask of the files, and the form where they are silent. A theme that is named may be one of the user's, which is still to be looked up.</param>
/// <param name="Formats">At least one, in the order in which they are made.</param>
/// <param name="EconomyHours">How long calls may wait for a batch; null at normal speed.</param>
public sealed record Submission(Brief Brief, IReadOnlyList<ExportFormat> Formats, ExportSettings Settings, int Priority, string? ConcurrencyKey, int? EconomyHours = null)
{
    /// <summary>Checks a request against the engine it is for: everything is known to be good before anything is queued.</summary>
    /// <param name="form">The form's values.</param>
    /// <param name="options">Good ones (<see cref="OptionRules"/>).</param>
    /// <param name="isActive">Whether the engine is switched on.</param>
    /// <param name="stored">The engine's workflow.</param>
    /// <param name="policy">What will not be written for the user.</param>
    public static (Submission? Submission, SubmissionFault? Fault) Check(
        IReadOnlyDictionary<string, JsonElement> form, ExecuteOptions? options, bool isActive, StoredWorkflow stored, ContentPolicy policy)
    {
        if (!isActive)
        {
            return (null, new SubmissionFault.InactiveEngine());
        }

        if (stored.Faults.Count > 0)
        {
            return (null, new SubmissionFault.BadWorkflow(stored.Faults));
        }

        var reading = BriefReader.Read(form);
        if (reading.Brief is not { } brief)
        {
            return (null, new SubmissionFault.BadForm(reading.Errors));
        }

        return (ContentRefusal.Find(policy, brief) ?? ContentRefusal.Find(policy, options?.Settings, "options.settings")) is { } refusal
            ? (null, new SubmissionFault.ContentRefused(refusal))
            : (new(
                options?.Seed is { } seed ? brief with { Seed = seed } : brief,
                ChooseFormats(options?.Formats, reading.Formats, stored.Definition!),
                (options?.Settings ?? new()).Over(reading.Settings),
                options?.Priority ?? 0,
                options?.ConcurrencyKey,
                RunSpeed.EconomyHours(options?.Speed, options?.EconomyHours)), null);
    }

    /// <summary>What the options ask for, else the form, else the engine's output node, else all; in the order in which they are made.</summary>
    private static List<ExportFormat> ChooseFormats(IReadOnlyList<string>? options, IReadOnlyList<ExportFormat> form, WorkflowDefinition workflow)
    {
        var asked = Known(options);
        if (asked.Count == 0)
        {
            asked = [.. form];
        }

        if (asked.Count == 0)
        {
            asked = Known(workflow.Nodes.SingleOrDefault(node => node.Type == NodeType.Output)?.Data.ExportFormats);
        }

        return [.. (asked.Count == 0 ? ExportFormat.All : ExportFormat.Known.Where(asked.Contains))];
    }

    private static List<ExportFormat> Known(IReadOnlyList<string>? words) => [.. (words ?? []).Select(ExportFormat.Find).OfType<ExportFormat>()];
}
