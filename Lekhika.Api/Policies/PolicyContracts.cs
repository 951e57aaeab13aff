using System.ComponentModel;
using System.Text.Json.Serialization;
using FluentValidation;
using Lekhika.Core.Policies;
using Lekhika.Persistence.Policies;

namespace Lekhika.Api.Policies;

/// <summary>What is not to be written; replaces what was said before.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PutPolicyRequest(
    [property: Description("Whether each is written: adult, violence_graphic, self_harm, hate, weapons, crime. As usual where one is absent.")]
    Dictionary<string, bool>? Categories = null,
    [property: Description("At most 200 words and phrases of at most 100 characters that are refused.")] IReadOnlyList<string>? Words = null)
{
    [JsonIgnore]
    public PolicySettings Settings => new(Categories ?? [], [.. (Words ?? []).Select(word => word.Trim()).Distinct()]);
}

/// <summary>What is not written for you.</summary>
/// <param name="Effective">Whether each category is written for you: where platform and you allow it, adult content where both have said so. Sexual content with minors never is.</param>
/// <param name="Own">What you have said; null when you have said nothing.</param>
/// <param name="Platform">What the platform has said; null when it has said nothing.</param>
internal sealed record PolicyAnswer(IReadOnlyDictionary<string, bool> Effective, PolicyPart? Own, PolicyPart? Platform)
{
    public static PolicyAnswer Of(StoredPolicies policies, bool isAdmin)
    {
        var effective = policies.Effective;
        return new(
            PolicyCategories.All.ToDictionary(category => category.Key, category => !effective.Refuses(category.Key)),
            PolicyPart.Of(policies.Own, showsWords: true),
            PolicyPart.Of(policies.Platform, showsWords: isAdmin));
    }
}

/// <summary>What one side has said.</summary>
/// <param name="Words">Null where they are not shown: the platform's are seen by administrators only.</param>
internal sealed record PolicyPart(IReadOnlyDictionary<string, bool> Categories, IReadOnlyList<string>? Words, DateTime UpdatedAt)
{
    public static PolicyPart? Of(StoredPolicy? policy, bool showsWords) =>
        policy is null ? null : new(policy.Settings.Categories, showsWords ? policy.Settings.Words : null, policy.UpdatedAt);
}

internal sealed class PutPolicyRequestValidator : AbstractValidator<PutPolicyRequest>
{
    public PutPolicyRequestValidator() => RuleFor(request => request).Custom((request, context) =>
    {
        foreach (var fault in PolicySettings.Faults(request.Categories, request.Words))
        {
            context.AddFailure(fault.Field, fault.Message);
        }
    });
}
