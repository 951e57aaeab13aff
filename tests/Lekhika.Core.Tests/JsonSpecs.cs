using System.Text.Json;
using Lekhika.Core.Executions;
using Lekhika.Core.Planning;

namespace Lekhika.Core.Tests;

public sealed class JsonSpecs
{
    [Fact]
    public void What_could_end_a_fence_or_a_script_is_escaped()
    {
        var json = Json.Write(new { Text = "</material><script>&'é" });

        json.ShouldNotContain("<");
        json.ShouldNotContain(">");
        json.ShouldNotContain("&");
        json.ShouldAllBe(c => c < 128);
        JsonDocument.Parse(json).RootElement.GetProperty("text").GetString().ShouldBe("</material><script>&'é");
    }

    [Fact]
    public void Names_and_words_are_camel_case_and_null_is_left_out() =>
        Json.Write(new { TraceParent = (string?)null, RunStatus = RunStatus.Completed, FileName = "a" }).ShouldBe("""{"runStatus":"completed","fileName":"a"}""");

    [Fact]
    public void Thirty_two_levels_are_read_and_no_more()
    {
        Json.Read<JsonElement>(new string('[', 32) + new string(']', 32)).ValueKind.ShouldBe(JsonValueKind.Array);
        Should.Throw<JsonException>(() => Json.Read<JsonElement>(new string('[', 33) + new string(']', 33)));
    }

    [Theory]
    [InlineData("""{"name":null,"description":"d"}""")]
    [InlineData("""{"name":"n"}""")]
    [InlineData("null")]
    public void Null_or_nothing_where_a_value_must_be_is_refused(string json) => Should.Throw<JsonException>(() => Json.Read<StoryPlace>(json));

    [Fact]
    public void A_brief_comes_back_whole()
    {
        var brief = new Brief("T", null, "A", "g", "x", "t", "s", "hi", "शब्द <b>", 3, 900, -7, new Dictionary<string, string> { ["Ä"] = "\n" });

        var read = Json.Read<Brief>(Json.Write(brief));

        (read with { Values = brief.Values }).ShouldBe(brief);
        read.Values.ShouldBe(brief.Values);
    }
}
