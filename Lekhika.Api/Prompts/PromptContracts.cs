using System.ComponentModel;
using System.Text.Json.Serialization;
using Lekhika.Core.Executions.Submissions;
using Lekhika.Core.Prompts;
using Lekhika.Persistence.Prompts;

namespace Lekhika.Api.Prompts;

/// <summary>A version to be published.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PublishPromptRequest(
    [property: Description("The version in force that you have read, 0 for the embedded texts: refused with 412 when another was published since.")] int? ExpectedVersion = null,
    [property: Description("The system message, at most 20,000 characters; the embedded text when absent.")] string? System = null,
    [property: Description("What is asked for, at most 20,000 characters; the embedded text when absent.")] string? Task = null,
    [property: Description("In place of texts: a version whose texts are published anew, 0 for the embedded ones.")] int? RestoreVersion = null,
    [property: Description("What is new, for administrators; at most 500 characters.")] string? Note = null)
{
    /// <summary>More versions nobody makes.</summary>
    private const int MaxVersion = 1_000_000;

    /// <summary>Every fault, by field.</summary>
    public IReadOnlyDictionary<string, string[]> Faults(string kind) => Own().Concat(PromptRules.Faults(kind, System, Task, Note))
        .GroupBy(fault => fault.Field).ToDictionary(faults => faults.Key, faults => faults.Select(fault => fault.Message).ToArray());

    private IEnumerable<FieldFault> Own()
    {
        if (ExpectedVersion is null or < 0 or > MaxVersion)
        {
            yield return new("expectedVersion", "Say which version you have read: the field version of GET /v1/prompts/{kind}.");
        }

        if (RestoreVersion is null && System is null && Task is null)
        {
            yield return new("system", "Send system, task or both, or restoreVersion.");
        }

        if (RestoreVersion is not null && (System ?? Task) is not null)
        {
            yield return new("restoreVersion", "Name a version or send texts, not both.");
        }

        if (RestoreVersion is < 0 or > MaxVersion)
        {
            yield return new("restoreVersion", "A version is 0 or more.");
        }
    }
}

/// <summary>The texts that are in force for a kind of answer.</summary>
/// <param name="Kind">requirements, bible, outline, chapter, report, image or cover.</param>
/// <param name="Version">0 while nobody has published one.</param>
/// <param name="System">The system message.</param>
/// <param name="Task">What is asked for.</param>
/// <param name="EmbeddedParts">Those of system and task that are the product's own; an upgrade may change them.</param>
/// <param name="Note">What is new, by its publisher.</param>
/// <param name="CreatedAt">When it was published; null for version 0.</param>
internal sealed record PromptAnswer(string Kind, int Version, string System, string Task, IReadOnlyList<string> EmbeddedParts, string? Note, DateTime? CreatedAt)
{
    public static PromptAnswer Of(string kind, PublishedPrompt? published) => new(
        kind,
        published?.Template.Version ?? 0,
        published?.Template.System ?? PromptTexts.System(kind),
        published?.Template.Task ?? PromptTexts.Task(kind),
        [.. published?.Template.System is null ? ["system"] : Array.Empty<string>(), .. published?.Template.Task is null ? ["task"] : Array.Empty<string>()],
        published?.Note,
        published?.CreatedAt);
}

/// <summary>The texts in force, one entry for each kind.</summary>
internal sealed record PromptList(IReadOnlyList<PromptAnswer> Prompts);

/// <summary>A kind with its versions.</summary>
/// <param name="InForce">What runs get that are submitted now.</param>
/// <param name="Embedded">What the product brings along.</param>
/// <param name="Variables">What its texts may name in braces; case and blanks for underscores do not matter.</param>
/// <param name="Versions">The newest first.</param>
/// <param name="NextCursor">For the next page; null on the last one.</param>
internal sealed record PromptDetail(
    string Kind, int Version, PromptAnswer InForce, PromptTextsAnswer Embedded, IReadOnlyList<string> Variables, IReadOnlyList<PromptVersionAnswer> Versions, string? NextCursor);

/// <summary>Both texts of a kind.</summary>
internal sealed record PromptTextsAnswer(string System, string Task);

/// <summary>A published version.</summary>
/// <param name="System">Null: the embedded text.</param>
/// <param name="Task">Null: the embedded text.</param>
/// <param name="CreatedBy">Who has published it; administrators alone see it.</param>
internal sealed record PromptVersionAnswer(string Kind, int Version, string? System, string? Task, string? Note, Guid? CreatedBy, DateTime CreatedAt)
{
    public PromptVersionAnswer(PublishedPrompt published)
        : this(published.Template.Kind, published.Template.Version, published.Template.System, published.Template.Task, published.Note, published.CreatedBy, published.CreatedAt)
    {
    }
}
