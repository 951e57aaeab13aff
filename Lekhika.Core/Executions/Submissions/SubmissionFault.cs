using System.Text.Json;
using Lekhika.Core.Exports;
using Lekhika.Core.Exports.Forms;
using Lekhika.Core.Policies;
using Lekhika.Core.Workflows;

namespace Lekhika.Core.Executions.Submissions;

/// <summary>Why a run is not queued. Each door says it in its own form.</summary>
public abstract record SubmissionFault
{
    private SubmissionFault()
    {
    }

    /// <summary>The user has no such engine.</summary>
    public sealed record NoEngine : SubmissionFault;

    /// <summary>The engine is switched off.</summary>
    public sealed record InactiveEngine : SubmissionFault;

    /// <summary>The engine's stored workflow cannot run.</summary>
    public sealed record BadWorkflow(IReadOnlyList<WorkflowFault> Faults) : SubmissionFault;

    /// <summary>Values of the form are wrong, by their names.</summary>
    public sealed record BadForm(IReadOnlyDictionary<string, string[]> Errors) : SubmissionFault;

    /// <summary>A theme is named that the user does not have, in the options or in the form.</summary>
    public static BadForm NoTheme(IReadOnlyDictionary<string, JsonElement> form, ExportSettings? options) =>
        new(new Dictionary<string, string[]>(StringComparer.Ordinal) { [options?.Theme is null ? FormSettings.ThemeVariable(form.ContainsKey) : "options.settings.theme"] = [Theme.NotThere] });

    /// <summary>The content policy refuses a value of the form.</summary>
    public sealed record ContentRefused(ContentRefusal Refusal) : SubmissionFault;

    /// <summary>The idempotency key was used for another request.</summary>
    public sealed record KeyReused : SubmissionFault;
}
