using System.Text.Json;
using Lekhika.Core.Exports;
using Lekhika.Core.Exports.Forms;
using Lekhika.Core.Planning;
using Lekhika.Core.Workflows;

namespace Lekhika.Core.Tests.Workflows.Rules;

public sealed class VariableRuleSpecs
{
    [Theory]
    [InlineData("Write about {mood} and { Mood }.")]
    [InlineData("{Book Title} by {author_name}, {chapterCount} chapters, {WORD COUNT} words")]
    [InlineData("{in.logline}, {arch.places.0.name}")]
    [InlineData("{chapter_number}. {Chapter Title}, {chapter_words} words")]
    [InlineData("""Answer as {"mood": "…", "list": [1, {"a": {}}]} or {a, b} or {x: y} or {} or { } or {4}.""")]
    public void A_prompt_names_what_is_provided(string prompt) => WriterWith(prompt).Codes().ShouldBe("");

    [Theory]
    [InlineData("{villain}", "{villain}")]
    [InlineData("{mood} {villain} {Villain Name}", "{villain}, {Villain Name}")]
    [InlineData("{compile.text}", "{compile.text}")]
    [InlineData("{previous_node_output}", "{previous_node_output}")]
    [InlineData("{research-9.facts}", "{research-9.facts}")]
    public void A_name_that_nothing_provides_is_told(string prompt, string names)
    {
        var fault = WorkflowValidator.Validate(WriterWith(prompt)).ShouldHaveSingleItem();

        (fault.Code, string.Join(' ', fault.NodeIds)).ShouldBe(("unknown_variable", "write"));
        fault.Message.ShouldContain($" name {names}, which nothing provides");
    }

    [Fact]
    public void Both_prompts_are_read() =>
        WriterWith("{mood}").With("write", data => data with { SystemPrompt = "{villain}" }).Codes().ShouldBe("unknown_variable");

    [Fact]
    public void Only_a_writer_has_a_chapter() =>
        WriterWith("{mood}").With("outline", data => data with { UserPrompt = "{chapter_number}" }).Codes().ShouldBe("unknown_variable");

    [Fact]
    public void An_open_form_provides_everything_but_the_outputs_of_later_nodes()
    {
        Workflow.Book().With("write", data => data with { UserPrompt = "{villain}" }).Codes().ShouldBe("");
        Workflow.Book().With("write", data => data with { UserPrompt = "{compile.text}" }).Codes().ShouldBe("unknown_variable");
    }

    [Fact]
    public void A_field_that_nothing_uses_is_told()
    {
        var fault = WorkflowValidator.Validate(Workflow.Book().Asking("book_title", "voice", "upscaler")).ShouldHaveSingleItem();

        (fault.Code, string.Join(' ', fault.NodeIds)).ShouldBe(("unused_input", "in"));
        fault.Message.ShouldContain("asks for 'voice', 'upscaler', which nothing uses");
    }

    [Fact]
    public void A_field_is_used_by_a_prompt_a_condition_a_fan_out_the_brief_or_the_files()
    {
        var workflow = Workflow.Of("in gate a b", "in>gate gate>a a>b")
            .With("gate", data => data with { Conditions = [Workflow.When("include_facts", ConditionOperator.Exists, "-", "a")] })
            .With("a", data => data with { ForEach = "key_topics" })
            .With("b", data => data with { SystemPrompt = "{Industry Focus}" });

        workflow.Asking("include_facts", "key_topics", "industry_focus").Codes().ShouldBe("");
        workflow.Asking(["include_facts", "key_topics", "Industry Focus", .. BriefReader.Names, "page_size", "body_font_size", "include_toc", "about_author_position"]).Codes().ShouldBe("");
        workflow.Asking(["include_facts", "key_topics", "industry_focus", .. FormSettings.Variables]).Codes().ShouldBe("");
    }

    [Fact]
    public void Every_name_that_the_brief_reads_is_listed()
    {
        // What a form sends under a listed name may be wrong, or is in the brief; under another it changes nothing but the values and the seed made of them.
        var plain = Brief("unheard_of");
        foreach (var name in BriefReader.Names.Except(["title", "seed", "output_formats", "formats"]))
        {
            Brief(name).ShouldNotBe(plain, name);
        }
    }

    private static string Brief(string name)
    {
        var reading = BriefReader.Read(Json.Read<Dictionary<string, JsonElement>>($$"""{"title": "T", "seed": 1, "{{name}}": "7x7"}"""));
        return reading.Brief is { } brief ? Json.Write(brief with { Values = new Dictionary<string, string>() }) : Json.Write(reading.Errors);
    }

    private static WorkflowDefinition WriterWith(string prompt) => Workflow.Book().Asking("mood")
        .With("arch", data => data with { UserPrompt = "{mood}" }).With("write", data => data with { UserPrompt = prompt });
}
