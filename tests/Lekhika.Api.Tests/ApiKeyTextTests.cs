using Lekhika.Api.Keys;

namespace Lekhika.Api.Tests;

public sealed class ApiKeyTextTests
{
    [Fact]
    public void A_new_key_is_whole_and_unlike_any_other()
    {
        var keys = Enumerable.Range(0, 1000).Select(_ => ApiKeyText.Generate()).ToList();
        keys.ShouldAllBe(key => ApiKeyText.IsWhole(key));
        keys.Distinct().Count().ShouldBe(1000);
    }

    [Fact]
    public void A_wrong_character_anywhere_is_noticed()
    {
        var key = ApiKeyText.Generate();
        for (var i = 0; i < key.Length; i++)
        {
            ApiKeyText.IsWhole(key[..i] + (key[i] == '7' ? '8' : '7') + key[(i + 1)..]).ShouldBeFalse();
            ApiKeyText.IsWhole(key.Remove(i, 1)).ShouldBeFalse();
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("LEKH-2-")]
    [InlineData("LEKH-2-0123456789abcdef0123456789abcdef")]
    public void A_text_of_another_form_is_no_key(string text) => ApiKeyText.IsWhole(text).ShouldBeFalse();
}
