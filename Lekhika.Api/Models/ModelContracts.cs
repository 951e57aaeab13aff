using System.ComponentModel;
using System.Text;
using System.Text.Json.Serialization;
using FluentValidation;
using Lekhika.Persistence.Models;

namespace Lekhika.Api.Models;

/// <summary>What a model costs, in US dollars.</summary>
internal sealed record PriceRequest(
    [property: Description("A million tokens in.")] decimal? InputPerMillion = null,
    [property: Description("A million tokens out.")] decimal? OutputPerMillion = null,
    [property: Description("A million tokens in that the provider had in its cache; as others when absent.")] decimal? CachedInputPerMillion = null,
    [property: Description("A million tokens put into the provider's cache; as others when absent.")] decimal? CacheWritePerMillion = null,
    [property: Description("By what a price is multiplied in a batch, 0 to 1; 0.5 when absent.")] decimal? BatchFactor = null,
    [property: Description("One image.")] decimal? PerImage = null)
{
    public PriceFigures Figures => new(InputPerMillion!.Value, OutputPerMillion!.Value, CachedInputPerMillion, CacheWritePerMillion, BatchFactor ?? 0.5m, PerImage);
}

/// <summary>What is said of a model, new or as it is to be from now on; what is absent has its default, and a price that is absent stays as it is.</summary>
internal sealed record ModelRequest(
    [property: Description("What the provider calls it; 1 to 200 characters. It never changes.")] string? ModelId = null,
    [property: Description("1 to 200 characters; the modelId when absent.")] string? DisplayName = null,
    [property: Description("text, image, audio, video or embedding; text when absent.")] string? Category = null,
    [property: Description("economy, standard or premium; standard when absent.")] string? Tier = null,
    [property: Description("Most tokens in and out together.")] int? ContextWindowTokens = null,
    [property: Description("Most tokens of one answer.")] int? MaxOutputTokens = null,
    [property: Description("Of structured, streaming, caching, batch, temperature, seed and moderation; none when absent.")] IReadOnlyList<string>? Capabilities = null,
    [property: Description("Whether it is used; true when absent.")] bool? IsActive = null,
    [property: Description("Without one a model is not used where somebody pays for it. One that differs from the newest becomes the next version.")] PriceRequest? Price = null)
{
    [JsonIgnore]
    public ModelFacts Facts => new(
        ModelId!, DisplayName?.Trim() ?? ModelId!, Category ?? "text", Tier ?? "standard", ContextWindowTokens, MaxOutputTokens, [.. (Capabilities ?? []).Distinct()], IsActive ?? true);
}

/// <summary>A version of what a model costs, in US dollars.</summary>
/// <param name="Version">From 1; calls name the one that they were made at.</param>
internal sealed record PriceAnswer(
    int Version,
    decimal InputPerMillion,
    decimal OutputPerMillion,
    decimal? CachedInputPerMillion,
    decimal? CacheWritePerMillion,
    decimal BatchFactor,
    decimal? PerImage,
    DateTime CreatedAt)
{
    public PriceAnswer(PriceVersion price)
        : this(price.Version, price.Figures.InputPerMillion, price.Figures.OutputPerMillion, price.Figures.CachedInputPerMillion, price.Figures.CacheWritePerMillion,
            price.Figures.BatchFactor, price.Figures.PerImage, price.CreatedAt)
    {
    }
}

/// <summary>A model of a provider.</summary>
/// <param name="Owner"><c>platform</c> or <c>you</c>, as its provider.</param>
/// <param name="Price">The newest version; null when it has none yet.</param>
internal sealed record ModelAnswer(
    Guid Id,
    Guid ProviderId,
    string Owner,
    string ModelId,
    string DisplayName,
    string Category,
    string Tier,
    int? ContextWindowTokens,
    int? MaxOutputTokens,
    IReadOnlyList<string> Capabilities,
    bool IsActive,
    PriceAnswer? Price,
    DateTime CreatedAt,
    DateTime UpdatedAt)
{
    public ModelAnswer(Model model)
        : this(model.Id, model.ProviderId, Owners.Word(model.IsPlatforms), model.Facts.ModelId, model.Facts.DisplayName, model.Facts.Category, model.Facts.Tier,
            model.Facts.ContextWindowTokens, model.Facts.MaxOutputTokens, model.Facts.Capabilities, model.Facts.IsActive,
            model.Price is { } price ? new PriceAnswer(price) : null, model.CreatedAt, model.UpdatedAt)
    {
    }
}

/// <summary>A page of a provider's models.</summary>
/// <param name="NextCursor">For the next page; null on the last one.</param>
internal sealed record ModelPage(IReadOnlyList<ModelAnswer> Models, string? NextCursor);

/// <summary>Words and sizes, as the table's CHECKs have them.</summary>
internal static class ModelRules
{
    public static readonly IReadOnlyList<string> Categories = ["text", "image", "audio", "video", "embedding"];
    public static readonly IReadOnlyList<string> Tiers = ["economy", "standard", "premium"];
    public static readonly IReadOnlyList<string> Capabilities = ["structured", "streaming", "caching", "batch", "temperature", "seed", "moderation"];
}

internal sealed class PriceRequestValidator : AbstractValidator<PriceRequest?>
{
    private const decimal Most = 999_999;

    public PriceRequestValidator()
    {
        RuleFor(price => price!.InputPerMillion).NotNull().WithMessage("A price says what a million tokens in cost.").Must(BeMoney).WithMessage(Message);
        RuleFor(price => price!.OutputPerMillion).NotNull().WithMessage("A price says what a million tokens out cost.").Must(BeMoney).WithMessage(Message);
        RuleFor(price => price!.CachedInputPerMillion).Must(BeMoney).WithMessage(Message);
        RuleFor(price => price!.CacheWritePerMillion).Must(BeMoney).WithMessage(Message);
        RuleFor(price => price!.PerImage).Must(BeMoney).WithMessage(Message);
        RuleFor(price => price!.BatchFactor).Must(factor => factor is null || (factor is >= 0 and <= 1 && decimal.Round(factor.Value, 3) == factor))
            .WithMessage("A factor is 0 to 1, with at most 3 decimal places.");
    }

    private static string Message => $"A price is 0 to {Most:N0} dollars, with at most 6 decimal places.";

    private static bool BeMoney(decimal? value) => value is null || (value is >= 0 and <= Most && decimal.Round(value.Value, 6) == value);
}

internal sealed class ModelRequestValidator : AbstractValidator<ModelRequest>
{
    public ModelRequestValidator()
    {
        RuleFor(request => request.ModelId).Must(id => id is { Length: >= 1 and <= 200 } && !id.AsSpan().ContainsAnyExceptInRange('!', '~'))
            .WithMessage("A model's id has 1 to 200 visible ASCII characters.");
        RuleFor(request => request.DisplayName).Must(name => name is null || (name.Trim() is { Length: >= 1 and <= 200 } text && !text.Any(char.IsControl) && !text.EnumerateRunes().Contains(Rune.ReplacementChar)))
            .WithMessage("A name has 1 to 200 characters, on one line.");
        RuleFor(request => request.Category).Must(category => category is null || ModelRules.Categories.Contains(category))
            .WithMessage($"The categories are {string.Join(", ", ModelRules.Categories)}.");
        RuleFor(request => request.Tier).Must(tier => tier is null || ModelRules.Tiers.Contains(tier)).WithMessage($"The tiers are {string.Join(", ", ModelRules.Tiers)}.");
        RuleFor(request => request.ContextWindowTokens).GreaterThan(0);
        RuleFor(request => request.MaxOutputTokens).GreaterThan(0);
        RuleFor(request => request.Capabilities).Must(capabilities => capabilities is null || capabilities.All(ModelRules.Capabilities.Contains))
            .WithMessage($"The capabilities are {string.Join(", ", ModelRules.Capabilities)}.");
        RuleFor(request => request.Price).SetValidator(new PriceRequestValidator());
    }
}
