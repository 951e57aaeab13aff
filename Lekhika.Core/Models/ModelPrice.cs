namespace Lekhika.Core.Models;

/// <summary>What a model costs, in US dollars for a million tokens; a version that never changes.</summary>
/// <param name="CachedInput">For input tokens that the provider had in its cache; null: as <paramref name="Input"/>.</param>
/// <param name="CacheWrite">For input tokens that the provider puts into its cache; null: as <paramref name="Input"/>.</param>
/// <param name="BatchFactor">0 to 1: what a call through the provider's batch interface costs of the normal price.</param>
/// <param name="PerImage">In dollars for one image; null: not said.</param>
public sealed record ModelPrice(Guid Id, int Version, decimal Input, decimal Output, decimal? CachedInput = null, decimal? CacheWrite = null, decimal BatchFactor = 0.5m, decimal? PerImage = null)
{
    private const decimal Million = 1_000_000;

    /// <summary>Whether no call costs anything.</summary>
    public bool IsFree => (Input, Output, CachedInput ?? 0, CacheWrite ?? 0, PerImage ?? 0) == default;

    /// <summary>What a call costs, in US dollars, to eight digits.</summary>
    public decimal Cost(TokenUse use, bool isBatch = false)
    {
        var plain = Math.Max(0, use.Input - use.CachedInput - use.CacheWrite);
        var sum = (plain * Input) + (use.CachedInput * (CachedInput ?? Input)) + (use.CacheWrite * (CacheWrite ?? Input)) + (use.Output * Output);
        return Math.Round(sum / Million * (isBatch ? BatchFactor : 1), 8);
    }
}

/// <summary>The tokens of a call.</summary>
/// <param name="Input">All of the input, cached or not.</param>
/// <param name="Output">All of the output, thoughts too.</param>
/// <param name="CachedInput">Of the input, what the provider had in its cache.</param>
/// <param name="CacheWrite">Of the input, what the provider put into its cache.</param>
/// <param name="Reasoning">Of the output, what the model thought.</param>
public readonly record struct TokenUse(long Input, long Output, long CachedInput = 0, long CacheWrite = 0, long Reasoning = 0);
