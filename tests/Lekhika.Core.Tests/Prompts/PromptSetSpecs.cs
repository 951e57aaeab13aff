using Lekhika.Core.Prompts;
using Lekhika.Core.Workflows;

namespace Lekhika.Core.Tests.Prompts;

public sealed class PromptSetSpecs
{
    private static readonly PromptSet Published = new([new PromptTemplate("chapter", 3, "The house's author.", null)]);

    [Fact]
    public void A_node_s_own_text_wins_over_the_published_one_and_that_over_the_embedded_one()
    {
        Published.System(Writer(), "chapter").ShouldBe("The house's author.");
        Published.Task(Writer(), "chapter").ShouldBe(PromptTexts.Task("chapter"), "that part is not published");
        Published.System(Writer(system: "Mine."), "chapter").ShouldBe("Mine.");
        Published.System(Writer(system: " "), "chapter").ShouldBe("The house's author.", "an empty one gives the role's back");
        Published.System(Writer(), "bible").ShouldBe(PromptTexts.System("bible"));
    }

    [Fact]
    public void The_version_tells_the_number_and_the_words()
    {
        PromptSet.Embedded.Version(Writer(), "chapter").Number.ShouldBe(0);
        Published.Version(Writer(), "chapter").Number.ShouldBe(3);
        Published.Version(Writer(system: "Mine."), "chapter").Number.ShouldBe(3, "the task is the platform's");
        Published.Version(Writer(system: "Mine.", task: "Write."), "chapter").Number.ShouldBeNull();
        Published.Version(Writer(), "chapter").Hash.ShouldNotBe(PromptSet.Embedded.Version(Writer(), "chapter").Hash);
        Published.Version(Writer(), "bible").ShouldBe(PromptSet.Embedded.Version(Writer(), "bible"));
        new PromptSet([new PromptTemplate("chapter", 9, "The house's author.", null)]).Version(Writer(), "chapter").Hash.ShouldBe(Published.Version(Writer(), "chapter").Hash, "the same words");
    }

    private static WorkflowNode Writer(string? system = null, string? task = null) =>
        new("writer", NodeType.Process, new NodeData { Role = "content_writer", SystemPrompt = system, UserPrompt = task });
}
