using System.ComponentModel;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using FluentValidation;
using Lekhika.Core;
using Lekhika.Persistence.Models;

namespace Lekhika.Api.Models;

/// <summary>A provider's limits and quirks. A limit that is absent does not limit.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ProviderSettings(
    [property: Description("Calls of one model at once, 1 to 10,000.")] int? Concurrency = null,
    [property: Description("Calls of one model in any 60 seconds, from 1.")] int? RequestsPerMinute = null,
    [property: Description("Tokens of one model, in and out, in any 60 seconds, from 1.")] long? TokensPerMinute = null,
    [property: Description("Whether the server wants max_tokens instead of max_completion_tokens; false when absent.")] bool? MaxTokensByOldName = null,
    [property: Description("Whether the server has the batch interface of its protocol. When absent: openai and anthropic at their own addresses have, others not.")] bool? Batches = null);

/// <summary>A new provider.</summary>
internal sealed record CreateProviderRequest(
    [property: Description("The key of keyName:modelId: 1 to 40 of a-z, 0-9, _ and -, the first a letter or digit. It never changes.")] string? Name = null,
    [property: Description("Whose protocol it speaks: openai, anthropic, google, mistral, groq, openrouter, ollama, vllm, llamacpp, openai_compatible, stability or offline. It never changes.")] string? Kind = null,
    [property: Description("Where it is; the kind's own address when absent. ollama, vllm, llamacpp and openai_compatible have none of their own.")] string? BaseUrl = null,
    [property: Description("Its API key: at most 2,000 visible ASCII characters. No answer ever shows it.")] string? Secret = null,
    ProviderSettings? Settings = null,
    [property: Description("The platform's, for all users; administrators only.")] bool? Platform = null)
{
    /// <summary>Without the secret: records print all they have.</summary>
    public override string ToString() => $"{Name} ({Kind})";
}

/// <summary>Another address, other settings or another state of a provider; what is absent has its default.</summary>
internal sealed record PutProviderRequest(
    [property: Description("Where it is; the kind's own address when absent. To another server only while no key is set.")] string? BaseUrl = null,
    ProviderSettings? Settings = null,
    [property: Description("Whether it is used; true when absent.")] bool? IsActive = null);

/// <summary>A provider's key.</summary>
internal sealed record PutSecretRequest([property: Description("At most 2,000 visible ASCII characters. No answer ever shows it.")] string? Secret = null)
{
    /// <summary>Without the secret: records print all they have.</summary>
    public override string ToString() => nameof(PutSecretRequest);
}

/// <summary>A provider of models. Of the platform's, only administrators see address, settings and anything of the key.</summary>
/// <param name="Owner"><c>platform</c> or <c>you</c>.</param>
/// <param name="Settings">Null when it is not shown.</param>
/// <param name="SecretLast4">The end of its key, when that has at least 12 characters.</param>
/// <param name="SecretSetAt">When its key was set; null when it has none.</param>
internal sealed record ProviderAnswer(
    Guid Id,
    string Owner,
    string Name,
    string Kind,
    string? BaseUrl,
    ProviderSettings? Settings,
    bool IsActive,
    string? SecretLast4,
    DateTime? SecretSetAt,
    DateTime CreatedAt,
    DateTime UpdatedAt)
{
    public ProviderAnswer(Provider provider)
        : this(provider.Id, Owners.Word(provider.IsPlatforms), provider.Name, provider.Kind, provider.BaseUrl, provider.Settings is { } json ? Json.Read<ProviderSettings>(json) : null,
            provider.IsActive, provider.SecretLast4, provider.SecretSetAt, provider.CreatedAt, provider.UpdatedAt)
    {
    }
}

/// <summary>A page of providers.</summary>
/// <param name="NextCursor">For the next page; null on the last one.</param>
internal sealed record ProviderPage(IReadOnlyList<ProviderAnswer> Providers, string? NextCursor);

/// <summary>Whose a row is, in a word.</summary>
internal static class Owners
{
    public static string Word(bool isPlatforms) => isPlatforms ? "platform" : "you";
}

/// <summary>The kinds of providers, as the table's CHECK has them.</summary>
internal static class Kinds
{
    public static readonly IReadOnlyList<string> All = ["offline", "openai", "anthropic", "google", "mistral", "groq", "openrouter", "ollama", "vllm", "llamacpp", "openai_compatible", "stability"];

    /// <summary>Whether there is no address that everybody reaches it at.</summary>
    public static bool NeedsAddress(string kind) => kind is "ollama" or "vllm" or "llamacpp" or "openai_compatible";
}

/// <summary>A key of a provider as it is sent.</summary>
internal static class SentSecret
{
    private const int ShowsFrom = 12;

    public static IRuleBuilderOptions<T, string?> MustBeSecret<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(secret => secret?.Trim() is { Length: >= 1 and <= 2_000 } text && !text.AsSpan().ContainsAnyExceptInRange('!', '~'))
            .WithMessage("A key has 1 to 2,000 visible ASCII characters.");

    /// <summary>The last characters, when enough others stay hidden.</summary>
    public static string? Last4(string secret) => secret.Length >= ShowsFrom ? secret[^4..] : null;
}

internal sealed class ProviderSettingsValidator : AbstractValidator<ProviderSettings?>
{
    public ProviderSettingsValidator()
    {
        RuleFor(settings => settings!.Concurrency).InclusiveBetween(1, 10_000);
        RuleFor(settings => settings!.RequestsPerMinute).GreaterThan(0);
        RuleFor(settings => settings!.TokensPerMinute).InclusiveBetween(1, int.MaxValue);
    }
}

internal sealed partial class CreateProviderRequestValidator : AbstractValidator<CreateProviderRequest>
{
    public CreateProviderRequestValidator()
    {
        RuleFor(request => request.Name).Must(name => name is not null && Name().IsMatch(name))
            .WithMessage("A name has 1 to 40 of a-z, 0-9, _ and -, the first a letter or digit.");
        RuleFor(request => request.Kind).Must(kind => kind is not null && Kinds.All.Contains(kind)).WithMessage($"The kinds are {string.Join(", ", Kinds.All)}.");
        RuleFor(request => request.Secret).MustBeSecret().When(request => request.Secret is not null);
        RuleFor(request => request.Settings).SetValidator(new ProviderSettingsValidator());
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9_-]{0,39}\z", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Name();
}

internal sealed class PutProviderRequestValidator : AbstractValidator<PutProviderRequest>
{
    public PutProviderRequestValidator() => RuleFor(request => request.Settings).SetValidator(new ProviderSettingsValidator());
}

internal sealed class PutSecretRequestValidator : AbstractValidator<PutSecretRequest>
{
    public PutSecretRequestValidator() => RuleFor(request => request.Secret).MustBeSecret();
}
