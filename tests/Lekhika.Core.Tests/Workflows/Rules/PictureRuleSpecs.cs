using Lekhika.Core.Workflows;

namespace Lekhika.Core.Tests.Workflows.Rules;

public sealed class PictureRuleSpecs
{
    [Theory]
    [InlineData(null, null, true)]
    [InlineData(1_024, 1_536, true)]
    [InlineData(256, 4_096, true)]
    [InlineData(1_024, null, false)]
    [InlineData(null, 1_024, false)]
    [InlineData(255, 1_024, false)]
    [InlineData(1_024, 4_097, false)]
    public void A_picture_has_a_size_that_can_be_asked_for_or_none(int? width, int? height, bool isValid) =>
        Codes(data => data with { ImageWidth = width, ImageHeight = height }).Contains("picture").ShouldBe(!isValid);

    [Fact]
    public void A_form_may_ask_how_pictures_should_look_where_one_is_made()
    {
        Codes(data => data, new InputField("image_style")).ShouldNotContain("unused_input");
        Codes(data => data with { Role = "researcher" }, new InputField("image_style")).ShouldContain("unused_input");
    }

    [Fact]
    public void Illustrations_run_for_each_element_of_a_list_and_a_cover_does_not()
    {
        Codes(data => data with { Role = "image_generator", ForEach = "in.themes" }).ShouldNotContain("for_each");
        Codes(data => data with { ForEach = "in.themes" }).ShouldContain("for_each");
    }

    private static IReadOnlyList<string> Codes(Func<NodeData, NodeData> change, params InputField[] fields) => [.. WorkflowValidator.Validate(new WorkflowDefinition(
        [
            new("in", NodeType.Input, new NodeData { Label = "in", Role = "story_input", InputFields = fields }),
            new("cover", NodeType.Process, change(new NodeData { Label = "cover", Role = "ecover_generator" })),
        ],
        [new("1", "in", "cover")])).Select(fault => fault.Code)];
}
