using Lekhika.Api.Engines;
using Lekhika.Api.Errors;
using Lekhika.Core;
using Lekhika.Core.Executions.Steps;
using Lekhika.Core.Exports;
using Lekhika.Core.Exports.Forms;
using Lekhika.Core.Planning;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Plans;
using Lekhika.Persistence.Themes;

namespace Lekhika.Api.Plans;

/// <summary>A run as it would be after a request, checked as a submission is.</summary>
/// <param name="NewWorkflow">JSON of its workflow when that is not stored yet.</param>
/// <param name="VersionId">The stored version of its workflow otherwise.</param>
internal sealed record PlannedChange(ChangedRun Run, string? NewWorkflow, Guid VersionId)
{
    /// <summary>The changed run, or why it cannot be.</summary>
    /// <param name="isMade">Whether it is there already: then a theme that has been removed since does not matter.</param>
    public static async Task<(PlannedChange? Change, Refusal? Refusal)> ReadAsync(
        PlanRequest request, Guid userId, StoredExecution source, ExecutionPlanStore executions, ThemeStore themes, bool isMade, CancellationToken cancellationToken)
    {
        var (workflow, versionId) = (request.Workflow ?? source.Run.Workflow, source.WorkflowVersionId);
        if (request.WorkflowVersionId is { } other)
        {
            if (await executions.WorkflowAsync(userId, other, cancellationToken) is not { } json)
            {
                return (null, Refusals.NoVersion);
            }

            var read = StoredWorkflow.Read(json);
            if (read.Definition is null)
            {
                return (null, Refusals.BadWorkflow(read.Faults));
            }

            (workflow, versionId) = (read.Definition, other);
        }

        if (SentWorkflow.Check(workflow) is { Faults.Count: > 0 } asked)
        {
            return (null, Refusals.BadWorkflow(asked.Faults));
        }

        var changed = NodeChanges.Apply(request, workflow);
        if (changed.Errors.Count > 0)
        {
            return (null, Refusals.Invalid(changed.Errors));
        }

        var sent = SentWorkflow.Check(changed.Workflow);
        if (sent.Definition is not { } definition)
        {
            return (null, Refusals.BadWorkflow(sent.Faults));
        }

        var (brief, refusal) = Brief(request, source.Run.Brief, out var formats);
        if (brief is null)
        {
            return (null, refusal);
        }

        var changedSettings = Settings(request, source.Run, brief);
        if ((await themes.ResolveAsync(userId, changedSettings, cancellationToken) ?? (isMade ? changedSettings : null)) is not { } settings)
        {
            return (null, Refusals.NoSuchTheme(request.Options?.Settings?.Theme is null ? $"userInput.{FormSettings.ThemeVariable(brief.Values.ContainsKey)}" : "options.settings.theme"));
        }

        var isNew = definition != Json.Write(request.WorkflowVersionId is null ? source.Run.Workflow : workflow);
        return (new(
            new ChangedRun(WorkflowValidator.Graph(changed.Workflow), brief, Formats(request, formats, source.Run.Formats), Text(settings, source.Run.Settings))
            {
                Prompts = request.Options?.KeepPrompts == true ? source.Run.Prompts : source.PromptsInForce,
            },
            isNew ? definition : null,
            versionId), null);
    }

    /// <summary>A form that nobody changes is not read again: what it gave then holds.</summary>
    private static (Brief? Brief, Refusal? Refusal) Brief(PlanRequest request, Brief before, out IReadOnlyList<ExportFormat> formats)
    {
        var brief = before;
        formats = [];
        if (request.UserInput is { } patch)
        {
            var reading = FormPatch.Read(before.Values, patch);
            if (reading.Brief is not { } read)
            {
                return (null, Refusals.Invalid(reading.Errors));
            }

            formats = FormPatch.Gives(patch, "output_formats", "formats") ? reading.Formats : [];
            // The seed is made of the form when none is sent; a new one would make every step another.
            brief = FormPatch.Gives(patch, "seed") ? read : read with { Seed = before.Seed };
        }

        return (request.Options?.Seed is { } seed ? brief with { Seed = seed } : brief, null);
    }

    private static IReadOnlyList<string> Formats(PlanRequest request, IReadOnlyList<ExportFormat> form, IReadOnlyList<string> before)
    {
        var asked = (request.Options?.Formats ?? []).Select(ExportFormat.Find).OfType<ExportFormat>().ToList();
        var all = asked.Count > 0 ? asked : form;
        return all.Count == 0 ? before : [.. ExportFormat.Known.Where(all.Contains).Select(format => format.Key)];
    }

    /// <summary>What the options ask for over the form; without options the run's, changed where the form has changed.</summary>
    private static ExportSettings Settings(PlanRequest request, StoredRun before, Brief brief) =>
        request.Options?.Settings is { } asked ? asked.Over(FormSettings.Read(brief.Values).Settings)
        : Json.Read<ExportSettings>(before.Settings) is var settings && request.UserInput is null ? settings
        : settings.Changed(FormSettings.Read(before.Brief.Values).Settings, FormSettings.Read(brief.Values).Settings);

    /// <summary>The stored text where nothing differs: a step's inputs hold its hash, and JSON can be written in many ways.</summary>
    private static string Text(ExportSettings settings, string before) => Json.Write(settings) is var text && text == Json.Write(Json.Read<ExportSettings>(before)) ? before : text;
}
