namespace Lekhika.Chaos.Tests.Disturbances;

/// <summary>
/// Brings a schedule about until the run has ended, at most for <see cref="Longest"/>: a run that has been held up for so long may
/// end in peace. What is frozen or down at the end is thawed and started again.
/// </summary>
internal sealed class Disturber(Targets targets, Chronicle chronicle)
{
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    private readonly List<Task> _open = [];
    private bool _postgresDown;
    private bool _redisDown;

    public async Task DisturbAsync(IEnumerable<Disturbance> schedule, Task until)
    {
        var enough = Task.WhenAny(until, Task.Delay(Longest));
        foreach (var next in schedule)
        {
            await Task.WhenAny(enough, Task.Delay(next.After));
            if (enough.IsCompleted)
            {
                break;
            }

            // What lasts goes on while the next one comes, but not longer than the whole.
            var worker = await WorkerOfAsync(next);
            if (CanHit(next, worker))
            {
                chronicle.Count(next.Kind.ToString());
                _open.Add(DisturbAsync(next, worker, Task.WhenAny(enough, Task.Delay(next.Duration))));
            }
        }

        await Task.WhenAll(_open);
        chronicle.Note("no more disturbances");
        await until;
        chronicle.Note("the run has ended");
    }

    /// <summary>What is down or frozen already is not hit again.</summary>
    private bool CanHit(Disturbance next, WorkerSlot worker) => next.Kind switch
    {
        DisturbanceKind.KillWorker or DisturbanceKind.FreezeWorker => worker.IsFree,
        DisturbanceKind.CrashPostgres => !_postgresDown,
        DisturbanceKind.CrashRedis => !_redisDown,
        _ => true,
    };

    private Task DisturbAsync(Disturbance next, WorkerSlot worker, Task over) => next.Kind switch
    {
        DisturbanceKind.KillWorker => worker.KillAsync(),
        DisturbanceKind.FreezeWorker => worker.FreezeAsync(over),
        DisturbanceKind.CrashPostgres => CrashPostgresAsync(over),
        DisturbanceKind.CrashRedis => CrashRedisAsync(over),
        DisturbanceKind.CutConnections => Cut(next.Target),
        DisturbanceKind.LoseAnswers => Lose(next.Target, next.Answers),
        _ => throw new ArgumentOutOfRangeException(nameof(next), next.Kind, "Nobody knows how to do it."),
    };

    /// <summary>A worker that only waits for work is hardly disturbed, so every third time it is the one that holds the run.</summary>
    private async Task<WorkerSlot> WorkerOfAsync(Disturbance next)
    {
        var holder = next.Target / 3 % 3 == 0 && next.Kind is (DisturbanceKind.KillWorker or DisturbanceKind.FreezeWorker) ? await targets.HolderAsync() : null;
        return targets.Workers.FirstOrDefault(worker => worker.Name == holder) ?? targets.Workers[next.Target % targets.Workers.Count];
    }

    private async Task CrashPostgresAsync(Task over)
    {
        _postgresDown = true;
        chronicle.Note("Postgres killed");
        await targets.Postgres.KillAsync();
        await over;
        await targets.Postgres.StartAgainAsync();
        chronicle.Note("Postgres up");
        _postgresDown = false;
    }

    private async Task CrashRedisAsync(Task over)
    {
        _redisDown = true;
        chronicle.Note("Redis killed");
        await targets.Redis.KillAsync();
        await over;
        await targets.Redis.StartAgainAsync();
        chronicle.Note("Redis up");
        _redisDown = false;
    }

    private Task Cut(int target)
    {
        var (name, link) = targets.Links[target];
        chronicle.Note($"{link.Cut()} connections to {name} cut");
        return Task.CompletedTask;
    }

    /// <summary>Of Postgres twice as often as of the model; Redis is asked nothing that matters.</summary>
    private Task Lose(int target, int answers)
    {
        var (name, link) = target % 3 == 2 ? targets.Links[2] : targets.Links[0];
        chronicle.Note($"the next {answers} answers of {name} are lost");
        link.LoseNextAnswers(answers);
        return Task.CompletedTask;
    }
}
