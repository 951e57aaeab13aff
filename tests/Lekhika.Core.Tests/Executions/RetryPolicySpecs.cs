using Lekhika.Core.Executions;

namespace Lekhika.Core.Tests.Executions;

public sealed class RetryPolicySpecs
{
    [Theory]
    [InlineData(ErrorClasses.RateLimited, true)]
    [InlineData(ErrorClasses.TimedOut, true)]
    [InlineData(ErrorClasses.Unavailable, true)]
    [InlineData(ErrorClasses.InvalidAnswer, true)]
    [InlineData(ErrorClasses.Refused, false)]
    [InlineData(ErrorClasses.Permanent, false)]
    [InlineData(ErrorClasses.Internal, false)]
    public void Only_what_may_come_out_otherwise_is_asked_again(string errorClass, bool mayHelp) => RetryPolicy.MayHelp(errorClass).ShouldBe(mayHelp);

    [Theory]
    [InlineData(ErrorClasses.Unavailable, 500)]
    [InlineData(ErrorClasses.TimedOut, 500)]
    [InlineData(ErrorClasses.RateLimited, 2_000)]
    [InlineData(ErrorClasses.InvalidAnswer, 100)]
    public void Waits_double_with_each_failure_and_jitter_takes_up_to_half_of_them_away(string errorClass, int first)
    {
        for (var failed = 1; failed <= 4; failed++)
        {
            var ceiling = TimeSpan.FromMilliseconds(first * Math.Pow(2, failed - 1));
            RetryPolicy.Delay(errorClass, failed, null, 1).ShouldBe(ceiling);
            RetryPolicy.Delay(errorClass, failed, null, 0).ShouldBe(ceiling / 2);
            RetryPolicy.Delay(errorClass, failed, null, 0.5).ShouldBe(ceiling * 0.75);
        }
    }

    [Fact]
    public void The_provider_may_ask_for_longer_but_not_for_shorter_and_not_for_ever()
    {
        RetryPolicy.Delay(ErrorClasses.RateLimited, 1, TimeSpan.FromSeconds(30), 1).ShouldBe(TimeSpan.FromSeconds(30));
        RetryPolicy.Delay(ErrorClasses.RateLimited, 1, TimeSpan.FromMilliseconds(1), 1).ShouldBe(TimeSpan.FromSeconds(2));
        RetryPolicy.Delay(ErrorClasses.RateLimited, 1, TimeSpan.FromDays(1), 1).ShouldBe(RetryPolicy.Longest);
        RetryPolicy.Delay(ErrorClasses.RateLimited, 1, TimeSpan.FromSeconds(-5), 1).ShouldBe(TimeSpan.FromSeconds(2));
        RetryPolicy.Delay(ErrorClasses.Unavailable, 1_000, null, 1).ShouldBe(RetryPolicy.Longest);
    }
}
