namespace Lekhika.Chaos.Tests.Disturbances;

/// <summary>Draws what goes wrong and when from a seed: the same for the same seed, without an end.</summary>
internal static class Schedule
{
    /// <summary>By weight. Kills and freezes together are less than half: the run must get on between them, or it is given up for good.</summary>
    private static readonly DisturbanceKind[] Kinds =
    [
        DisturbanceKind.KillWorker, DisturbanceKind.KillWorker,
        DisturbanceKind.FreezeWorker, DisturbanceKind.FreezeWorker,
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
            // Short ones are more frequent: they end about when the lease does.
            var duration = kind == DisturbanceKind.FreezeWorker
                ? WorkerSettings.Lease * (0.3 + (share * share * 1.7))
                : TimeSpan.FromSeconds(0.1 + (share * 0.7));
            yield return new Disturbance(kind, after, target, duration, random.Next(1, 4));
        }
    }
}
