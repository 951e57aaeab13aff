using Lekhika.Chaos.Tests.Checks;
using Lekhika.Chaos.Tests.Disturbances;
using Xunit.Abstractions;

namespace Lekhika.Chaos.Tests;

/// <summary>A book of 40 nodes and more, written by three workers that are killed, frozen and cut off from everything they need.</summary>
public sealed class ChaosSpecs(ChaosServers servers, ITestOutputHelper output) : IClassFixture<ChaosServers>
{
    [Theory]
    [ClassData(typeof(Seeds))]
    public async Task A_disturbed_run_becomes_the_same_book_and_no_finished_step_is_asked_of_the_model_again(int seed)
    {
        var book = ChaosBook.Of(seed);
        await using var run = await ChaosRun.StartAsync(servers, workers: 3, book);
        var disturber = new Disturber(run.Targets, run.Chronicle);

        await disturber.DisturbAsync(Schedule.Of(seed), until: run.EndedAsync());
        await run.SettleAsync();

        var verdict = await Verdict.OfAsync(run, await servers.UndisturbedAsync(book));
        var report = Report.Write(seed, verdict, run);
        output.WriteLine($"seed {seed}: {verdict.Counts}");
        Assert.True(verdict.Violations.Count == 0, report);
    }
}
