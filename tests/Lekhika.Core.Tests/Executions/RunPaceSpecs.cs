using Lekhika.Core.Executions;
using static Lekhika.Core.Executions.RunStatus;

namespace Lekhika.Core.Tests.Executions;

public sealed class RunPaceSpecs
{
    [Theory]
    [InlineData(6_000, 120, 50.0)]
    [InlineData(10, 3, 3.33)]
    [InlineData(0, 10, 0.0)]
    public void Words_a_second_are_counted_by_the_time_of_work(int words, int seconds, double pace) =>
        RunPace.WordsPerSecond(words, TimeSpan.FromSeconds(seconds)).ShouldBe(pace);

    [Fact]
    public void Before_any_work_there_is_no_pace()
    {
        RunPace.WordsPerSecond(6_000, TimeSpan.Zero).ShouldBeNull();
        RunPace.SecondsLeft(Running, 50, TimeSpan.Zero).ShouldBeNull();
    }

    [Theory]
    [InlineData(25, 120, 360L)]
    [InlineData(86, 100, 16L)]
    [InlineData(100, 100, 0L)]
    [InlineData(2, 100, null)]
    [InlineData(0, 100, null)]
    public void The_rest_takes_as_long_as_its_share(double progress, int seconds, long? left) =>
        RunPace.SecondsLeft(Running, progress, TimeSpan.FromSeconds(seconds)).ShouldBe(left);

    [Theory]
    [InlineData(Queued)]
    [InlineData(Paused)]
    [InlineData(Stopping)]
    [InlineData(Exporting)]
    [InlineData(Completed)]
    [InlineData(Stopped)]
    [InlineData(Failed)]
    public void Only_a_running_run_has_time_left(RunStatus status) => RunPace.SecondsLeft(status, 50, TimeSpan.FromSeconds(60)).ShouldBeNull();
}
