using Lekhika.Core.Models;
using Lekhika.Core.Workflows;

namespace Lekhika.Core.Tests.Models;

/// <summary>Whether models can do what nodes ask of them.</summary>
public sealed class ModelFitSpecs
{
    private static readonly KnownModel Able = new("house:quill", "text", 100_000, 10_000, ["structured"], IsUsable: true);

    [Fact]
    public void A_model_that_can_do_it_all_is_no_fault() => Check(Able, "story_input").ShouldBeEmpty();

    [Theory]
    [InlineData("story_input", 0, "model_structure")]
    [InlineData("content_writer", 0, null)]
    public void Structure_is_needed_for_everything_but_prose(string role, int maxTokens, string? fault) =>
        Check(Able with { Capabilities = [] }, role, maxTokens).ShouldBe(fault is null ? [] : [fault]);

    [Fact]
    public void Each_thing_that_a_model_cannot_do_has_its_word()
    {
        Check(Able with { IsUsable = false }, "story_input").ShouldBe(["model_off"]);
        Check(Able with { Category = "image" }, "story_input").ShouldBe(["model_category"]);
        Check(Able, "story_input", maxTokens: 10_001).ShouldBe(["model_output"]);
        Check(Able with { ContextWindow = 7_999 }, "story_input").ShouldBe(["model_window"]);
        Check(Able with { ContextWindow = 9_000 }, "story_input", maxTokens: 9_000).ShouldBe(["model_window"], "the prompt needs room, too");
    }

    [Theory]
    [InlineData("house:typo", "unknown_model")]
    [InlineData("openai:gpt-5-mini", null)]
    [InlineData("default", null)]
    public void A_name_is_a_fault_only_where_its_provider_is_known(string name, string? fault) =>
        Check(Able, "story_input", name: name).ShouldBe(fault is null ? [] : [fault]);

    [Fact]
    public void A_node_without_a_model_is_not_asked() =>
        ModelFit.Check(new WorkflowDefinition([new("in", NodeType.Input, new NodeData { Role = "story_input", AiEnabled = false, SelectedModels = ["house:typo"] })], []), Known(Able)).ShouldBeEmpty();

    private static List<string> Check(KnownModel model, string role, int maxTokens = 0, string name = "house:quill")
    {
        var node = new WorkflowNode("n", NodeType.Process, new NodeData { Role = role, SelectedModels = [name], MaxTokens = maxTokens == 0 ? null : maxTokens });
        var faults = ModelFit.Check(new WorkflowDefinition([node], []), Known(model));
        faults.ShouldAllBe(fault => fault.NodeIds.SequenceEqual(new[] { "n" }));
        return [.. faults.Select(fault => fault.Code)];
    }

    private static KnownModels Known(KnownModel model) => new(new HashSet<string> { "house" }, new Dictionary<string, KnownModel> { [model.Key] = model });
}
