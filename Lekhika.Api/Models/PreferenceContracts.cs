using System.ComponentModel;
using System.Text.RegularExpressions;
using FluentValidation;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Models;

namespace Lekhika.Api.Models;

/// <summary>Which models are tried in which order, for the steps of a role, a tier and a task; for all where one is absent.</summary>
internal sealed record PutPreferenceRequest(
    [property: Description("A node's role.")] string? Role = null,
    [property: Description("economy, standard or premium.")] string? Tier = null,
    [property: Description("The kind of what is asked for, such as book_content.")] string? Task = null,
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

internal sealed partial class PutPreferenceRequestValidator : AbstractValidator<PutPreferenceRequest>
{
    private const int MostModels = 10;

    public PutPreferenceRequestValidator()
    {
        RuleFor(request => request.Role).Must(role => role is null || NodeRole.All.ContainsKey(role)).WithMessage("There is no such role of a node.");
        RuleFor(request => request.Tier).Must(tier => tier is null || ModelRules.Tiers.Contains(tier)).WithMessage($"The tiers are {string.Join(", ", ModelRules.Tiers)}.");
        RuleFor(request => request.Task).Must(task => task is null || Task().IsMatch(task)).WithMessage("A task is a word of at most 100 of a-z, 0-9 and _.");
        RuleFor(request => request.Models)
            .Must(models => models is { Count: >= 1 and <= MostModels } && models.All(IsModel) && models.Distinct().Count() == models.Count)
            .WithMessage($"1 to {MostModels} different models as keyName:modelId are required.");
    }

    private static bool IsModel(string? text) => text is { Length: <= 241 } && !text.AsSpan().ContainsAnyExceptInRange('!', '~') && ModelName.Read(text) is not null;

    [GeneratedRegex(@"^[a-z0-9_]{1,100}\z", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Task();
}
