namespace Lekhika.Chaos.Tests.Disturbances;

internal enum DisturbanceKind
{
    KillWorker,
    FreezeWorker,
    CrashPostgres,
    CrashRedis,
    CutConnections,
    LoseAnswers,
}

/// <summary>One thing that goes wrong.</summary>
/// <param name="Kind">What.</param>
/// <param name="After">The pause since the one before.</param>
/// <param name="Target">Which of the workers, or of the links; taken modulo their number. A worker: every third time whichever holds the run.</param>
/// <param name="Duration">How long a frozen worker stands still, or a server is down.</param>
/// <param name="Answers">How many answers are lost.</param>
internal sealed record Disturbance(DisturbanceKind Kind, TimeSpan After, int Target, TimeSpan Duration, int Answers);
