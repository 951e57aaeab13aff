using System.ComponentModel;
using FluentValidation;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Models;

namespace Lekhika.Api.Models;

/// <summary>Which models are tried in which order, for the steps of a role, a tier and a task; for all where one is absent.</summary>
internal sealed record PutPreferenceRequest(
    [property: Description("A node's role.")] string? Role = null,
    [property: Description("The level of the account: starter, pro or enterprise.")] string? Tier = null,
    [property: Description("The kind of what is asked for, requirements, bible, outline, chapter or report.")] string? Task = null,
    [property: Description("1 to 10 models as keyName:modelId, the first preferred; each must be there.")] IReadOnlyList<string>? Models = null,
    [property: Description("The platform's, for all users; administrators only.")] bool? Platform = null);

/// <summary>Which models are tried in which order.</summary>
/// <param name="Owner"><c>platform</c> or <c>you</c>; your own counts before the platform's.</param>
/// <param name="Models">Each keyName:modelId, the first preferred.</param>
internal sealed record PreferenceAnswer(string Owner, string? Role, string? Tier, string? Task, IReadOnlyList<string> Models, DateTime CreatedAt)
{
    public PreferenceAnswer(Preference preference)
        : this(Owners.Word(preference.Scope.IsPlatforms), preference.Scope.Role, preference.Scope.Tier, preference.Scope.Task, preference.Models, preference.CreatedAt)
    {
    }
}

/// <summary>The caller's own preferences, then the platform's.</summary>
internal sealed record PreferenceList(IReadOnlyList<PreferenceAnswer> Preferences);

internal sealed class PutPreferenceRequestValidator : AbstractValidator<PutPreferenceRequest>
{
    private const int MostModels = 10;

    private static readonly string[] Levels = ["starter", "pro", "enterprise"];

    // What models are asked for.
    private static readonly string[] Tasks = [OutputKinds.Requirements, OutputKinds.Bible, OutputKinds.Outline, OutputKinds.Chapter, OutputKinds.Report, OutputKinds.Image, OutputKinds.Cover, "embeddings"];

    public PutPreferenceRequestValidator()
    {
        RuleFor(request => request.Role).Must(role => role is null || NodeRole.All.ContainsKey(role)).WithMessage("There is no such role of a node.");
        RuleFor(request => request.Tier).Must(tier => tier is null || Levels.Contains(tier)).WithMessage($"The tiers are {string.Join(", ", Levels)}.");
        RuleFor(request => request.Task).Must(task => task is null || Tasks.Contains(task)).WithMessage($"The tasks are {string.Join(", ", Tasks)}.");
        RuleFor(request => request.Models)
            .Must(models => models is { Count: >= 1 and <= MostModels } && models.All(IsModel) && models.Distinct().Count() == models.Count)
            .WithMessage($"1 to {MostModels} different models as keyName:modelId are required.");
    }

    private static bool IsModel(string? text) => text is { Length: <= 241 } && !text.AsSpan().ContainsAnyExceptInRange('!', '~') && ModelName.Read(text) is not null;
}
