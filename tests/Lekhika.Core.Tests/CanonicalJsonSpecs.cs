using System.Text.Json;

namespace Lekhika.Core.Tests;

public sealed class CanonicalJsonSpecs
{
    [Theory]
    [InlineData("""{"b": 1.50, "a": ["\u00e4", true, null]}""", """{"a":["ä",true,null],"b":1.5}""")]
    [InlineData("""{"a": 1, "a": 2}""", """{"a":2}""")]
    [InlineData("1e2", "100")]
    [InlineData(""" "<b>" """, "\"\\u003cb\\u003e\"")]
    public void The_same_value_has_the_same_text(string json, string other) => CanonicalJson.Of(json).ShouldBe(CanonicalJson.Of(other));

    [Theory]
    [InlineData("[1, 2]", "[2, 1]")]
    [InlineData("\"1\"", "1")]
    [InlineData("""{"a": null}""", "{}")]
    [InlineData("""["a", "b"]""", "[\"a,b\"]")]
    public void Another_value_has_another_text(string json, string other) => CanonicalJson.Of(json).ShouldNotBe(CanonicalJson.Of(other));

    [Fact]
    public void Half_a_surrogate_pair_has_a_text_too() => CanonicalJson.Of("\"\\ud800\"").ShouldBe("\"\\ud800\"");

    [Fact]
    public void What_is_no_JSON_is_refused() => Should.Throw<JsonException>(() => CanonicalJson.Of("{"));
}
