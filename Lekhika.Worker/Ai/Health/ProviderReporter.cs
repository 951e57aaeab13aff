using Lekhika.Persistence.Signals;
using Lekhika.Worker.Ai.Chain;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Ai.Routing;
using Microsoft.Extensions.Options;

namespace Lekhika.Worker.Ai.Health;

/// <summary>
/// Writes every few seconds what this worker knows of the platform's providers, and of those of users whose runs it has seen, to where the Api finds
/// it. Providers are asked how they are only when somebody wants to know.
/// </summary>
internal sealed partial class ProviderReporter(
    ProviderBoard board, ModelCatalogue catalogue, ProviderPulse pulse, ProviderProbe probe, ProviderBreakers breakers, IOptions<WorkerOptions> options, IConfiguration configuration,
    TimeProvider time, ILogger<ProviderReporter> log) : BackgroundService
{
    /// <summary>Scopes that one beat looks after; the next ones wait for the next beat.</summary>
    private const int MostWanted = 20;

    /// <summary>Users whose runs were seen since; of others a report would say nothing new.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(5);

    private readonly TimeSpan _between = configuration.GetValue("Models:ReportEvery", TimeSpan.FromSeconds(5));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_between, time);
        do
        {
            try
            {
                await ReportAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                // The database is away, for instance: the next beat says more.
                NotReported(log, error.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task ReportAsync(CancellationToken cancellationToken)
    {
        for (var taken = 0; taken < MostWanted && await board.TakeWantedAsync() is { } scope; taken++)
        {
            var models = await catalogue.ForAsync(User(scope), cancellationToken);
            await Task.WhenAll(Accounts(models, scope).Select(account => probe.FindAsync(account, cancellationToken)));
            await WriteAsync(scope, models);
        }

        var isThere = await WriteAsync(ProviderBoard.Platform, await catalogue.ForAsync(Guid.Empty, cancellationToken));
        foreach (var (user, models) in catalogue.Known(Recent).Where(known => known.UserId != Guid.Empty && known.Models.HasOwn))
        {
            if (!isThere || cancellationToken.IsCancellationRequested)
            {
                return;
            }

            isThere = await WriteAsync(ProviderBoard.Of(user), models);
        }
    }

    private Task<bool> WriteAsync(string scope, TenantModels models)
    {
        var isOwn = scope != ProviderBoard.Platform;
        var leftOut = models.LeftOut.Where(left => left.IsOwn == isOwn).ToLookup(left => left.Key);
        var accounts = Accounts(models, scope).Select(account =>
        {
            var beat = pulse.Of(account, ProviderProbe.Recent);
            return new ReportedProvider(
                account.Name, account.Kind, breakers.For(account).State, Models(leftOut[account.Key]), account.Id == Guid.Empty ? null : account.Id, beat?.IsWell, beat?.Word, beat?.When);
        }).ToList();
        var others = leftOut.Where(left => !accounts.Exists(account => (account.Id?.ToString("N") ?? account.Name) == left.Key)).Select(left => new ReportedProvider(
            left.First().Name, left.First().Kind, "closed", Models(left), left.First().ProviderId,
            LeftOut: left.FirstOrDefault(part => part.ModelId is null)?.Reason ?? "None of its models can be used."));
        return board.WriteAsync(scope, new ProviderReport(options.Value.Name, time.GetUtcNow(), [.. accounts, .. others]));
    }

    private static IEnumerable<ProviderAccount> Accounts(TenantModels models, string scope) =>
        models.Accounts.Where(account => account.IsOwn == (scope != ProviderBoard.Platform) && ProviderProbe.IsRemote(account));

    private static IReadOnlyList<LeftOutModel> Models(IEnumerable<LeftOut> parts) =>
        [.. parts.Where(part => part.ModelId is not null).Select(part => new LeftOutModel(part.ModelId!, part.Reason))];

    private static Guid User(string scope) => scope == ProviderBoard.Platform ? Guid.Empty : Guid.ParseExact(scope, "N");

    [LoggerMessage(LogLevel.Warning, "What is known of providers was not reported: {Reason}")]
    private static partial void NotReported(ILogger log, string reason);
}
