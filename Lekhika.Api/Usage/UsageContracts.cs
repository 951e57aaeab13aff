using System.ComponentModel;
using System.Text.Json;
using FluentValidation;
using Lekhika.Core.Models;
using Lekhika.Persistence.Views;
using Microsoft.AspNetCore.Mvc;

namespace Lekhika.Api.Usage;

/// <summary>Which calls are added up, and how.</summary>
internal sealed record UsageQuery(
    [FromQuery(Name = "by")][property: Description("day (the default), model, node or execution.")] string? By,
    [FromQuery(Name = "from")][property: Description("The first day, UTC; 30 days before `to` when absent.")] DateOnly? From,
    [FromQuery(Name = "to")][property: Description("The last day, UTC; today when absent.")] DateOnly? To,
    [FromQuery(Name = "executionId")][property: Description("Of this execution alone.")] Guid? ExecutionId)
{
    public UsageGroup Group => By is null ? UsageGroup.Day : Enum.Parse<UsageGroup>(By, ignoreCase: true);

    /// <summary>From the first moment to the one after the last, UTC.</summary>
    public (DateTime From, DateTime To) Time(DateOnly today)
    {
        var last = To ?? today;
        return (Start(From ?? last.AddDays(-29)), Start(last.AddDays(1)));
    }

    private static DateTime Start(DateOnly day) => day.ToDateTime(default, DateTimeKind.Utc);
}

internal sealed class UsageQueryValidator : AbstractValidator<UsageQuery>
{
    private const int MostDays = 366;

    public UsageQueryValidator(TimeProvider time)
    {
        RuleFor(query => query.By).Must(by => by is null or "day" or "model" or "node" or "execution").WithMessage("day, model, node or execution.");
        RuleFor(query => query.To).Must(to => to is not { } day || (day.Year is >= 2000 and < 9999)).WithMessage("A day of the years 2000 to 9998.");
        RuleFor(query => query.From).Must(from => from is not { } day || (day.Year is >= 2000 and < 9999)).WithMessage("A day of the years 2000 to 9998.").DependentRules(() =>
            RuleFor(query => query.From)
                .Must((query, _) => query.Time(DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime)) is var (from, to) && from < to && to - from <= TimeSpan.FromDays(MostDays))
                .When(query => query.To is not { Year: < 2000 or > 9998 })
                .WithMessage($"Not after `to`, and at most {MostDays} days with it."));
    }
}

/// <summary>What the calls of models used, group by group.</summary>
/// <param name="From">The first day.</param>
/// <param name="To">The last day.</param>
internal sealed record UsageAnswer(string By, DateOnly From, DateOnly To, IReadOnlyList<UsageEntry> Usage);

/// <summary>A group of calls.</summary>
/// <param name="Key">The day, `keyName:modelId`, the node's id or the execution's id.</param>
/// <param name="Orphaned">Calls over which a worker died: what they used, nobody knows, and you do not pay for them.</param>
/// <param name="Cost">US dollars.</param>
/// <param name="Unpriced">Calls that are not in `cost`, because nobody has said what they cost.</param>
internal sealed record UsageEntry(string Key, long Calls, long Failed, long Orphaned, CallTokens Tokens, decimal Cost, long Unpriced)
{
    public static UsageEntry Of(UsageView usage) => new(usage.Key, usage.Calls, usage.Failed, usage.Orphaned, CallTokens.Of(usage.Tokens), usage.Cost, usage.Unpriced);
}

/// <summary>Tokens as the provider counted them.</summary>
/// <param name="CachedInput">Of the input, what the provider had in its cache.</param>
/// <param name="CacheWrite">Of the input, what the provider put into its cache.</param>
/// <param name="Reasoning">Of the output, what the model thought.</param>
internal sealed record CallTokens(long Input, long Output, long CachedInput, long CacheWrite, long Reasoning)
{
    public static CallTokens Of(TokenUse use) => new(use.Input, use.Output, use.CachedInput, use.CacheWrite, use.Reasoning);
}

/// <summary>A page of an execution's calls.</summary>
/// <param name="NextCursor">For the next page; null on the last one.</param>
internal sealed record CallPage(IReadOnlyList<CallEntry> Calls, string? NextCursor);

/// <summary>A call of a model.</summary>
/// <param name="Task">The kind of what was asked for: requirements, bible, outline, chapter …</param>
/// <param name="Model">The model asked for, as `keyName:modelId`.</param>
/// <param name="OwnKey">Whether it was made with your own key.</param>
/// <param name="ModelAnswered">The model and version that the provider says has answered.</param>
/// <param name="Status">started, succeeded, failed, or orphaned: a worker died over it.</param>
/// <param name="PriceVersion">The version of the model's price at which `cost` was reckoned.</param>
/// <param name="Cost">US dollars; null without a price, or while nobody knows.</param>
/// <param name="Batch">Whether it goes through the provider's batch interface, at the price times `batchFactor`.</param>
internal sealed record CallEntry(
    Guid Id, string NodeId, int Item, int Generation, string Operation, string Task, string Provider, string Model, bool OwnKey, string? ModelAnswered, JsonElement Parameters, string Status,
    string? ErrorClass, string? FinishReason, CallTokens Tokens, int? PriceVersion, decimal? Cost, DateTime StartedAt, int? Milliseconds, int? FirstTokenMilliseconds, string? TraceId, bool Batch)
{
    public static CallEntry Of(CallView call) => new(
        call.Id, call.Step.NodeId, call.Step.Item, call.Step.Generation, call.Operation, call.Task, call.Provider, call.Model, call.OwnKey, call.ModelAnswered,
        JsonElement.Parse(call.Parameters), call.Status, call.ErrorClass, call.FinishReason, CallTokens.Of(call.Tokens), call.PriceVersion, call.Cost, call.StartedAt, call.Milliseconds,
        call.FirstTokenMilliseconds, call.TraceId, call.Batch);
}
