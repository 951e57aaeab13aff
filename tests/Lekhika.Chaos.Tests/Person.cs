using Lekhika.Persistence.Requests;
using Lekhika.Persistence.Tenancy;
using Lekhika.Testing.Runs;
using Npgsql;

namespace Lekhika.Chaos.Tests;

/// <summary>
/// Sends what a preview shows back once, then approves it; the database may crash at any moment, so the person looks before each word
/// whether the last one was heard.
/// </summary>
internal sealed class Person(QueuedRun run, Chronicle chronicle) : IAsyncDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(run.Database.Api);
    private readonly CancellationTokenSource _end = new();
    private Task _watching = Task.CompletedTask;

    public void Watch() => _watching = WatchAsync();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _source.DisposeAsync();
        _end.Dispose();
    }

    private async Task WatchAsync()
    {
        var previews = new PreviewRequestStore(new TenantDatabase(_source));
        using var beat = new PeriodicTimer(Between);
        while (await beat.WaitForNextTickAsync(_end.Token))
        {
            try
            {
                if (await run.AskAsync<long>("SELECT count(*) FROM previews WHERE execution_id = $1 AND decision = 'revise'") == 0)
                {
                    await SayAsync("once more", previews.ReviseAsync(run.UserId, run.Id, ChaosBook.Preview, "More sea.", null, _end.Token));
                }
                else
                {
                    await SayAsync("approved", previews.ApproveAsync(run.UserId, run.Id, ChaosBook.Preview, _end.Token));
                }
            }
            catch (NpgsqlException)
            {
                // The database is down; the next look tells what was heard.
            }
        }
    }

    private async Task SayAsync(string word, Task<RequestOutcome> said)
    {
        if (await said is { IsDone: true } outcome && outcome.Wake is not null)
        {
            chronicle.Note($"the person said: {word}");
        }
    }
}
