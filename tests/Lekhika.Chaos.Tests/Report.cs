using Lekhika.Chaos.Tests.Checks;
using Lekhika.Testing.Processes;

namespace Lekhika.Chaos.Tests;

/// <summary>All that somebody needs who looks for the reason: what is wrong, what was done, what everybody said, how to see it again.</summary>
internal static class Report
{
    private const int LastLines = 25;
    private const int MostViolations = 20;

    /// <summary>The report, which is also kept as <c>artifacts/chaos/seed-N.txt</c>, of a good seed too.</summary>
    public static string Write(int seed, Verdict verdict, ChaosRun run)
    {
        var report = Of(seed, verdict, run);
        var folder = Directory.CreateDirectory(Path.Combine(BuiltProgram.Root, "artifacts/chaos"));
        File.WriteAllText(Path.Combine(folder.FullName, $"seed-{seed}.txt"), report);
        return report;
    }

    private static string Of(int seed, Verdict verdict, ChaosRun run) => $"""
        Seed {seed}: {verdict.Violations.Count} violations.
        {string.Join('\n', verdict.Violations.Take(MostViolations).Select(violation => "  ✗ " + violation))}
        Again: {Seeds.OneVariable}={seed} ./test Chaos   (the schedule is the seed's; who is in the middle of what when it strikes is not)
        {verdict.Counts}

        What the journal says:
        {verdict.Journal}

        What was done (seconds, microseconds since 1970):
        {string.Join('\n', run.Chronicle.Lines)}

        What the model was asked:
        {string.Join('\n', run.Model.Requests.Select(request => $"{request.At}  {request.Number} {request.Worker} {request.Kind} {request.Chapter}{(request.Continues ? " (continues)" : "")}{(request.FinishedAt is null ? ", not answered to the end" : "")}"))}

        What the workers said last:
        {string.Join('\n', run.Targets.Workers.SelectMany(worker => (string[])[$"--- {worker.Name}", .. worker.LastWords(LastLines)]))}
        """;
}
