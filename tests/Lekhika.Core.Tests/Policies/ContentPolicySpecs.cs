using Lekhika.Core.Policies;

namespace Lekhika.Core.Tests.Policies;

public sealed class ContentPolicySpecs
{
    [Fact]
    public void When_nobody_has_said_anything_adult_content_is_off() =>
        ContentPolicy.Of(null, null).Refused.Order().ShouldBe(["adult", "crime", "hate", "minors", "self_harm", "weapons"]);

    [Theory]
    [InlineData(null, null, false)]
    [InlineData(true, null, false)]
    [InlineData(null, true, false)]
    [InlineData(false, true, false)]
    [InlineData(true, false, false)]
    [InlineData(true, true, true)]
    public void Adult_content_is_written_where_platform_and_user_both_say_so(bool? platform, bool? own, bool isWritten) =>
        ContentPolicy.Of(Said("adult", platform), Said("adult", own)).Refuses("adult").ShouldBe(!isWritten);

    [Theory]
    [InlineData("violence_graphic", null, null, true)]
    [InlineData("violence_graphic", null, false, false)]
    [InlineData("violence_graphic", false, true, false)]
    [InlineData("hate", null, true, false)]
    [InlineData("hate", true, null, true)]
    [InlineData("hate", true, false, false)]
    public void A_user_forbids_more_and_allows_nothing_that_the_platform_forbids(string category, bool? platform, bool? own, bool isWritten) =>
        ContentPolicy.Of(Said(category, platform), Said(category, own)).Refuses(category).ShouldBe(!isWritten);

    [Fact]
    public void Sexual_content_with_minors_is_refused_whatever_is_said() =>
        ContentPolicy.Of(Said("minors", true), Said("minors", true)).Refuses("minors").ShouldBeTrue();

    [Fact]
    public void Two_hundred_words_of_a_hundred_characters_are_good() =>
        PolicySettings.Faults(PolicyCategories.All.ToDictionary(category => category.Key, _ => true), [.. Enumerable.Range(100, 200).Select(i => new string('東', 97) + i)]).ShouldBeEmpty();

    private static PolicySettings? Said(string category, bool? isAllowed) =>
        isAllowed is { } said ? new(new Dictionary<string, bool> { [category] = said }, []) : null;
}
