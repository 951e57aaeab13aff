using System.Text.Json;
using Lekhika.Core;
using Microsoft.Extensions.Configuration;
using StackExchange.Redis;

namespace Lekhika.Persistence.Signals;

/// <summary>
/// What the workers know of providers, for whoever asks the Api: each worker writes what it has seen, and what a dead one wrote is gone after a
/// minute. Kept in Redis and nowhere else, since all of it can be found out anew; without Redis nothing is known, and nothing here throws for its sake.
/// </summary>
public sealed class ProviderBoard(IConnectionMultiplexer redis, IConfiguration configuration)
{
    /// <summary>The scope of the platform's providers, those of the environment among them.</summary>
    public const string Platform = "platform";

    /// <summary>How long a report is there that nobody renews.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(1);

    /// <summary>Scopes that somebody wants to have looked after are forgotten when no worker takes them.</summary>
    private static readonly TimeSpan WantedLasts = TimeSpan.FromMinutes(5);

    // As of WakeUpSignals: the client never gives up on a server that is frozen.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly string _prefix = configuration["Signals:Prefix"] ?? "";

    private RedisKey Wanted => $"{_prefix}lekhika:providers:wanted";

    /// <summary>The scope of a user's own providers.</summary>
    public static string Of(Guid userId) => userId.ToString("N");

    /// <summary>Puts a worker's newest report in the place of its last one; false when Redis does not answer.</summary>
    public Task<bool> WriteAsync(string scope, ProviderReport report) => AskAsync(async database =>
    {
        var workers = Workers(scope);
        await Task.WhenAll(
            database.StringSetAsync(Report(scope, report.Worker), Json.Write(report), Lasts),
            database.SetAddAsync(workers, report.Worker),
            database.KeyExpireAsync(workers, TimeSpan.FromDays(1)));
        return true;
    });

    /// <summary>The reports of the workers that live; null when Redis does not answer.</summary>
    public Task<IReadOnlyList<ProviderReport>?> ReadAsync(string scope) => AskAsync<IReadOnlyList<ProviderReport>>(async database =>
    {
        var workers = await database.SetMembersAsync(Workers(scope));
        var reports = await database.StringGetAsync([.. workers.Select(worker => Report(scope, worker!))]);
        if (workers.Where((_, i) => reports[i].IsNull).ToArray() is { Length: > 0 } gone)
        {
            await database.SetRemoveAsync(Workers(scope), gone);
        }

        return [.. reports.Where(report => !report.IsNull).Select(report => Read(report!)).OfType<ProviderReport>()];
    });

    /// <summary>Asks for providers of which nothing is known to be looked after; one worker does.</summary>
    public Task WantAsync(string scope) => AskAsync(async database =>
    {
        await database.SetAddAsync(Wanted, scope);
        return await database.KeyExpireAsync(Wanted, WantedLasts);
    });

    /// <summary>A scope that somebody wants to have looked after, which is then nobody else's task; null when there is none.</summary>
    public Task<string?> TakeWantedAsync() => AskAsync(async database => (string?)await database.SetPopAsync(Wanted));

    /// <summary>Null for one that another version has written and this one cannot read.</summary>
    private static ProviderReport? Read(string report)
    {
        try
        {
            return Json.Read<ProviderReport>(report);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The default when Redis does not answer.</summary>
    private async Task<T?> AskAsync<T>(Func<IDatabase, Task<T>> ask)
    {
        try
        {
            return await ask(redis.GetDatabase()).WaitAsync(Patience).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }
        catch (Exception error) when (error is RedisException or TimeoutException or ObjectDisposedException)
        {
            return default;
        }
    }

    private RedisKey Workers(string scope) => $"{_prefix}lekhika:providers:{{{scope}}}";

    private RedisKey Report(string scope, string worker) => $"{_prefix}lekhika:providers:{{{scope}}}:{worker}";
}

/// <summary>What one worker knows of the providers of a scope.</summary>
public sealed record ProviderReport(string Worker, DateTimeOffset At, IReadOnlyList<ReportedProvider> Providers);

/// <summary>What a worker knows of a provider.</summary>
/// <param name="Breaker">closed, open or half_open: whether this worker asks it.</param>
/// <param name="Models">Its models that nobody is sent to.</param>
/// <param name="Id">Null for one of the environment.</param>
/// <param name="IsWell">How it was when it was heard of last; null: nothing was heard.</param>
/// <param name="Word">For people: what it did. Never a key, never a provider's own text.</param>
/// <param name="LeftOut">Why nobody is sent to it; null when somebody may be.</param>
public sealed record ReportedProvider(
    string Name, string Kind, string Breaker, IReadOnlyList<LeftOutModel> Models, Guid? Id = null, bool? IsWell = null, string? Word = null, DateTimeOffset? CheckedAt = null, string? LeftOut = null);

/// <summary>A model that nobody is sent to.</summary>
/// <param name="ModelId">As its provider calls it.</param>
public sealed record LeftOutModel(string ModelId, string Reason);
