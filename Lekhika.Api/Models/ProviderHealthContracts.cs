using Lekhika.Persistence.Models;
using Lekhika.Persistence.Signals;

namespace Lekhika.Api.Models;

/// <summary>How a provider is.</summary>
/// <param name="Id">Null for one of the workers' environment.</param>
/// <param name="Owner"><c>you</c>, <c>platform</c> or <c>environment</c>.</param>
/// <param name="Status"><c>ok</c>, <c>failed</c>, <c>left_out</c> (nobody is sent to it), <c>inactive</c> (switched off) or <c>unknown</c>.</param>
/// <param name="Reason">What it did, or why it is left out; null when nothing is known.</param>
/// <param name="CheckedAt">When it was heard of last, by a call of a run or by a question that costs nothing; null when it was not.</param>
/// <param name="Breaker"><c>closed</c>; <c>open</c> when a worker asks it no more for a while since too many calls failed; <c>half_open</c> when one call finds out.</param>
/// <param name="LeftOutModels">Its models that nobody is sent to.</param>
/// <param name="Workers">What each worker saw, for administrators; null for others and for providers of users.</param>
internal sealed record ProviderHealth(
    Guid? Id, string Owner, string Name, string Kind, string Status, string? Reason, DateTimeOffset? CheckedAt, string Breaker,
    IReadOnlyList<ModelLeftOut> LeftOutModels, IReadOnlyList<WorkerView>? Workers)
{
    public const string Unknown = "unknown";

    private const string Environment = "environment";

    public static ProviderHealth Of(Provider provider, IReadOnlyList<ProviderReport> reports) =>
        Of(provider.Id, Owners.Word(provider.IsPlatforms), provider.Name, provider.Kind, provider.IsActive, [.. Views(reports, seen => seen.Id == provider.Id).Select(view => view.Seen.CheckedAt >= new DateTimeOffset(provider.UpdatedAt) ? view : (view.Worker, Unheard(view.Seen)))]);

    public static ProviderHealth Of(ReportedProvider standing, IReadOnlyList<ProviderReport> reports) =>
        Of(null, Environment, standing.Name, standing.Kind, true, Views(reports, seen => seen.Id is null && seen.Name == standing.Name));

    private static ProviderHealth Of(Guid? id, string owner, string name, string kind, bool isActive, List<(string Worker, ReportedProvider Seen)> views)
    {
        // The newest word counts; a provider that one worker leaves out the others leave out soon, too.
        var newest = views.Select(view => view.Seen).MaxBy(seen => seen.CheckedAt ?? DateTimeOffset.MinValue);
        var isOffline = kind == "offline";
        var leftOut = views.Select(view => view.Seen.LeftOut).FirstOrDefault(reason => reason is not null);
        return new(
            id, owner, name, kind,
            !isActive ? "inactive" : leftOut is not null ? "left_out" : isOffline ? "ok" : StatusOf(newest),
            !isActive ? null : leftOut ?? (isOffline ? "needs no server" : newest?.Word),
            newest?.CheckedAt,
            views.Select(view => view.Seen.Breaker).MaxBy(breaker => breaker switch { "open" => 2, "half_open" => 1, _ => 0 }) ?? "closed",
            [.. views.SelectMany(view => view.Seen.Models).DistinctBy(model => model.ModelId).Select(model => new ModelLeftOut(model.ModelId, model.Reason))],
            owner == Owners.Word(isPlatforms: false) ? null : [.. views.Select(view => new WorkerView(view.Worker, StatusOf(view.Seen), view.Seen.Word, view.Seen.CheckedAt, view.Seen.Breaker))]);
    }

    /// <summary>What was seen of it before it was changed says nothing of it now.</summary>
    private static ReportedProvider Unheard(ReportedProvider seen) => seen with { IsWell = null, Word = null, CheckedAt = null };

    private static string StatusOf(ReportedProvider? seen) => seen?.IsWell switch
    {
        null => Unknown,
        true => "ok",
        false => "failed",
    };

    private static List<(string Worker, ReportedProvider Seen)> Views(IReadOnlyList<ProviderReport> reports, Func<ReportedProvider, bool> isIt) =>
        [.. from report in reports from seen in report.Providers where isIt(seen) select (report.Worker, seen)];
}

/// <summary>A model that nobody is sent to.</summary>
internal sealed record ModelLeftOut(string ModelId, string Reason);

/// <summary>What one worker saw of a provider.</summary>
internal sealed record WorkerView(string Worker, string Status, string? Reason, DateTimeOffset? CheckedAt, string Breaker);

/// <summary>A page of providers.</summary>
/// <param name="Workers">Workers that have reported on the platform's providers within the last minute; null when that cannot be known (Redis is away). For others than administrators 0.</param>
/// <param name="NextCursor">For the next page; null on the last one.</param>
internal sealed record ProviderHealthPage(IReadOnlyList<ProviderHealth> Providers, int? Workers, string? NextCursor);
