using System.Text.Json;
using Lekhika.Core.Workflows;

namespace Lekhika.Core.Tests.Workflows;

public sealed class FieldReferenceSpecs
{
    private static readonly HashSet<string> Ids = ["a", "a.b", "research-1"];

    [Theory]
    [InlineData("include_images", null, "")]
    [InlineData(" mood ", null, "")]
    [InlineData("gone.found", null, "")]
    [InlineData(".a", null, "")]
    [InlineData("A.x", null, "")]
    [InlineData("", null, "")]
    [InlineData("a.x", "a", "x")]
    [InlineData("a.b.x", "a.b", "x")]
    [InlineData("a.c.b.0.x", "a", "c/b/0/x")]
    [InlineData("research-1.found", "research-1", "found")]
    [InlineData("research-1", "research-1", "")]
    public void A_field_is_a_variable_or_begins_with_the_longest_id_of_a_node_that_fits(string field, string? node, string path)
    {
        var reference = FieldReference.Parse(field, Ids);

        (reference.Field, reference.NodeId, string.Join('/', reference.Path)).ShouldBe((field.Trim(), node, path));
    }

    [Theory]
    [InlineData("a", "{\"x\":[{\"y\":7}],\"z\":null,\"1\":\"one\"}")]
    [InlineData("a.x.0.y", "7")]
    [InlineData("a.x.0", "{\"y\":7}")]
    [InlineData("a.1", "\"one\"")]
    [InlineData("a.x.1", null)]
    [InlineData("a.x.-1", null)]
    [InlineData("a.x.99999999999", null)]
    [InlineData("a.x.y", null)]
    [InlineData("a.x.0.y.z", null)]
    [InlineData("a.X", null)]
    [InlineData("a.z", null)]
    [InlineData("a.", null)]
    [InlineData("a..x", null)]
    public void A_path_leads_to_a_value_or_to_nothing(string field, string? found)
    {
        var output = JsonElement.Parse("""{"x":[{"y":7}],"z":null,"1":"one"}""");

        (FieldReference.Parse(field, Ids).Resolve(output)?.GetRawText()).ShouldBe(found);
    }

    [Theory]
    [InlineData("mood", "dark")]
    [InlineData("MOOD", "DARKER")]
    [InlineData("book title", "T")]
    [InlineData("Book_Title", "T")]
    [InlineData("a.x", "seven")]
    [InlineData("a.b.x", null)]
    [InlineData("gone", null)]
    public void A_field_is_looked_up_in_the_form_by_its_name_or_the_like_and_in_outputs_of_nodes_that_ran(string field, string? value)
    {
        var form = new Dictionary<string, string> { ["mood"] = "dark", ["MOOD"] = "DARKER", ["Book Title"] = "T" };

        var found = FieldReference.Parse(field, Ids).Resolve(form, id => id == "a" ? JsonElement.Parse("""{"x":"seven"}""") : null);

        (found?.GetString()).ShouldBe(value);
    }

    [Theory]
    [InlineData("[1, {\"a\": 2}]", "1|{\"a\": 2}")]
    [InlineData("\"salt, , maps \"", "\"salt\"|\"maps\"")]
    [InlineData("\"\"", "")]
    [InlineData("\"\\ud800\"", "")]
    [InlineData("7", "")]
    [InlineData("{}", "")]
    public void A_list_is_an_array_or_a_text_with_commas(string value, string items) =>
        string.Join('|', FieldReference.Items(JsonElement.Parse(value)).Select(item => item.GetRawText())).ShouldBe(items);

    [Fact]
    public void A_prompt_is_filled_by_the_names_that_are_checked()
    {
        const string prompt = "{mood}, { Book Title }, {gone}, {research-1.found}, {\"json\": {}}, {4}";
        var values = new Dictionary<string, string> { ["mood"] = "dark", ["Book Title"] = "{mood}", ["research-1.found"] = "gold" };

        PromptVariables.In(prompt).ShouldBe(["mood", "Book Title", "gone", "research-1.found"]);
        PromptVariables.Fill(prompt, values.GetValueOrDefault).ShouldBe("dark, {mood}, {gone}, gold, {\"json\": {}}, {4}");
        PromptVariables.In(null).ShouldBeEmpty();
    }
}
