namespace Lekhika.Chaos.Tests.Disturbances;

/// <summary>Draws what goes wrong and when from a seed: the same for the same seed, without an end.</summary>
internal static class Schedule
{
    /// <summary>By weight: what only slows the run down is rarer than what leads it into a takeover.</summary>
    private static readonly DisturbanceKind[] Kinds =
    [
        DisturbanceKind.KillWorker, DisturbanceKind.KillWorker,
        DisturbanceKind.FreezeWorker, DisturbanceKind.FreezeWorker, DisturbanceKind.FreezeWorker,
        DisturbanceKind.CrashPostgres,
        DisturbanceKind.CrashRedis,
        DisturbanceKind.CutConnections, DisturbanceKind.CutConnections, DisturbanceKind.CutConnections,
        DisturbanceKind.LoseAnswers, DisturbanceKind.LoseAnswers,
    ];

    public static IEnumerable<Disturbance> Of(int seed)
    {
        var random = new Random(seed);
        while (true)
        {
            var kind = Kinds[random.Next(Kinds.Length)];
            var after = TimeSpan.FromSeconds(0.1 + (random.NextDouble() * 0.9));
            var target = random.Next(60);
            var share = random.NextDouble();
            var duration = kind == DisturbanceKind.FreezeWorker
                ? WorkerSettings.Lease * (0.3 + (share * 1.7))
                : TimeSpan.FromSeconds(0.1 + (share * 0.7));
            yield return new Disturbance(kind, after, target, duration, random.Next(1, 6));
        }
    }
}
