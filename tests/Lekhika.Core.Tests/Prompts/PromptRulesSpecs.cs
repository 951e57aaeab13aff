using Lekhika.Core.Prompts;

namespace Lekhika.Core.Tests.Prompts;

public sealed class PromptRulesSpecs
{
    [Theory]
    [InlineData("bible", "You are the architect of a {genre} book called {Book Title}.")]
    [InlineData("bible", """Answer like {"plot": {"end": "she finds it"}}.""")]
    [InlineData("chapter", "Write {chapter_number}, {chapter_title}, in {chapter_words} words.")]
    [InlineData("bible", null)]
    public void A_text_may_name_what_every_run_has_and_show_JSON(string kind, string? text) => PromptRules.Faults(kind, text, text, null).ShouldBeEmpty();

    [Theory]
    [InlineData("bible", "Write {chapter_number}.", "It names {chapter_number}, which not every run has")]
    [InlineData("chapter", "In a {mood} mood, for {researcher-1.summary}.", "It names {mood}, {researcher-1.summary}, which not every run has")]
    [InlineData("chapter", "Write {genre.", "The brace { at character 7 is never closed.")]
    [InlineData("chapter", "Write genre}.", "The brace } at character 12 closes nothing.")]
    [InlineData("chapter", " \n", "A text says something")]
    [InlineData("chapter", "nul\0", "U+0000")]
    public void What_a_text_must_not_say_is_told_by_its_field(string kind, string text, string fault)
    {
        PromptRules.Faults(kind, text, null, null).ShouldHaveSingleItem().ShouldSatisfyAllConditions(found => found.Field.ShouldBe("system"), found => found.Message.ShouldContain(fault));
        PromptRules.Faults(kind, null, text, null).ShouldHaveSingleItem().Field.ShouldBe("task");
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var faults = PromptRules.Faults("bible", "{mood} {", new string('x', 20_001), new string('x', 501)).ToList();

        faults.Select(fault => fault.Field).ShouldBe(["system", "system", "task", "note"]);
    }

    [Fact]
    public void The_texts_that_the_product_brings_along_keep_the_rules()
    {
        foreach (var kind in PromptTexts.Kinds)
        {
            PromptRules.Faults(kind, PromptTexts.System(kind), PromptTexts.Task(kind), null).ShouldBeEmpty(kind);
        }
    }
}
