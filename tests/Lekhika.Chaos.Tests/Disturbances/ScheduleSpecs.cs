namespace Lekhika.Chaos.Tests.Disturbances;

public sealed class ScheduleSpecs
{
    [Fact]
    public void The_same_seed_draws_the_same_and_another_one_another() =>
        Schedule.Of(7).Take(50).ShouldSatisfyAllConditions(
            drawn => drawn.ShouldBe(Schedule.Of(7).Take(50)),
            drawn => drawn.ShouldNotBe(Schedule.Of(8).Take(50)));

    [Fact]
    public void Every_kind_comes_up_in_the_first_three_seeds_within_their_first_eight_seconds()
    {
        var drawn = Enumerable.Range(1, 3).SelectMany(seed =>
        {
            var at = TimeSpan.Zero;
            return Schedule.Of(seed).TakeWhile(next => (at += next.After) < TimeSpan.FromSeconds(8)).ToList();
        });

        drawn.Select(next => next.Kind).Distinct().Order().ShouldBe(Enum.GetValues<DisturbanceKind>());
    }

    [Fact]
    public void Pauses_are_a_tenth_of_a_second_to_one_and_freezes_up_to_two_leases()
    {
        var drawn = Enumerable.Range(1, 100).SelectMany(seed => Schedule.Of(seed).Take(30)).ToList();

        drawn.ShouldAllBe(next => next.After >= TimeSpan.FromSeconds(0.1) && next.After <= TimeSpan.FromSeconds(1));
        var freezes = drawn.Where(next => next.Kind == DisturbanceKind.FreezeWorker).Select(next => next.Duration / WorkerSettings.Lease).ToList();
        freezes.Min().ShouldBeInRange(0.3, 0.4);
        freezes.Max().ShouldBeInRange(1.8, 2);
    }
}
