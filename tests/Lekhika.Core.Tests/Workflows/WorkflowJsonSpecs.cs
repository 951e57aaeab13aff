using System.Text;
using System.Text.Json;
using Lekhika.Core.Workflows;

namespace Lekhika.Core.Tests.Workflows;

public sealed class WorkflowJsonSpecs
{
    private const string Sent = """
        {
          "nodes": [
            {"id": "input-1", "type": "input", "position": {"x": 0, "y": 12.5}, "width": 180, "data": {"label": "Story", "role": "story_input", "testInputEnabled": false, "nodeInstructions": "Read."}},
            {"id": "writer-1", "type": "Process", "data": {"label": "Writer", "role": "content_writer", "aiEnabled": true, "selectedModels": ["OPENROUTER-Main:vendor/model"], "temperature": 0.7, "maxTokens": 8000, "systemPrompt": "Write <well>.", "nested": {"a": [1, null]}}},
            {"id": "output-1", "type": "output", "position": null, "data": {"role": "output_processor", "exportFormats": ["pdf", "epub"]}}
          ],
          "edges": [
            {"id": "e1", "source": "input-1", "target": "writer-1", "type": "smoothstep", "animated": true},
            {"id": "e2", "source": "writer-1", "target": "output-1"}
          ],
          "models": [{"modelId": "vendor/model"}],
          "viewport": {"zoom": 1}
        }
        """;

    [Fact]
    public void A_workflow_is_read_as_clients_send_it()
    {
        var workflow = Json.Read<WorkflowDefinition>(Sent);

        workflow.Nodes[0].Position.ShouldBe(new NodePosition(0, 12.5));
        workflow.Nodes[0].Data.AiEnabled.ShouldBeTrue();
        workflow.Nodes[1].Type.ShouldBe(NodeType.Process);
        workflow.Nodes[1].Data.SelectedModels.ShouldBe(["OPENROUTER-Main:vendor/model"]);
        (workflow.Nodes[1].Data.Temperature, workflow.Nodes[1].Data.MaxTokens, workflow.Nodes[1].Data.SystemPrompt).ShouldBe((0.7f, 8_000, "Write <well>."));
        workflow.Nodes[2].Position.ShouldBeNull();
        workflow.Nodes[2].Data.ExportFormats.ShouldBe(["pdf", "epub"]);
        workflow.Edges[0].Other!.Keys.ShouldBe(["type", "animated"]);
    }

    [Fact]
    public void Fields_that_nobody_reads_are_kept_as_they_came()
    {
        var written = JsonDocument.Parse(Json.Write(Json.Read<WorkflowDefinition>(Sent))).RootElement;

        written.GetProperty("viewport").GetProperty("zoom").GetInt32().ShouldBe(1);
        written.GetProperty("models")[0].GetProperty("modelId").GetString().ShouldBe("vendor/model");
        written.GetProperty("nodes")[0].GetProperty("width").GetInt32().ShouldBe(180);
        written.GetProperty("nodes")[0].GetProperty("data").GetProperty("nodeInstructions").GetString().ShouldBe("Read.");
        written.GetProperty("nodes")[1].GetProperty("data").GetProperty("nested").GetRawText().ShouldBe("""{"a":[1,null]}""");
        written.GetProperty("edges")[0].GetProperty("animated").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public void Conditions_forms_and_fan_out_are_read_and_written_as_clients_name_them()
    {
        const string sent = """{"conditions":[{"field":"mood","operator":"not_equals","value":true,"target":"a","label":"Dark"},{"field":"x","operator":"exists","target":"b"}],"defaultRoute":"b","maxAttempts":5,"forEach":"in.list","inputFields":[{"variable":"mood","required":true,"type":"select"}]}""";

        var data = Json.Read<NodeData>(sent);

        data.Conditions!.Select(condition => (condition.Field, condition.Operator, condition.Target)).ShouldBe([("mood", ConditionOperator.NotEquals, "a"), ("x", ConditionOperator.Exists, "b")]);
        data.Conditions![0].Value!.Value.ValueKind.ShouldBe(JsonValueKind.True);
        data.Conditions![1].Value.ShouldBeNull();
        (data.DefaultRoute, data.MaxAttempts, data.ForEach).ShouldBe(("b", 5, "in.list"));
        (data.InputFields![0].Variable, data.InputFields[0].Required).ShouldBe(("mood", true));
        JsonElement.DeepEquals(JsonElement.Parse(Json.Write(data with { AiEnabled = true })), JsonElement.Parse("""{"aiEnabled":true,""" + sent[1..])).ShouldBeTrue();
    }

    [Fact]
    public void Every_operator_has_its_name_in_snake_case() =>
        string.Join(' ', Enum.GetValues<ConditionOperator>().Select(how => Json.Write(how).Trim('"'))).ShouldBe("equals not_equals contains greater_than less_than exists");

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"nodes": []}""")]
    [InlineData("""{"nodes": null, "edges": []}""")]
    [InlineData("""{"nodes": [{"id": null, "type": "input", "data": {}}], "edges": []}""")]
    [InlineData("""{"nodes": [{"id": "a", "type": "wizard", "data": {}}], "edges": []}""")]
    [InlineData("""{"nodes": [{"id": "a", "type": "input"}], "edges": []}""")]
    [InlineData("""{"nodes": [{"id": "a", "type": "input", "data": null}], "edges": []}""")]
    [InlineData("""{"nodes": [{"id": 7, "type": "input", "data": {}}], "edges": []}""")]
    [InlineData("""{"nodes": [], "edges": [{"id": "e", "source": "a"}]}""")]
    [InlineData("""{"nodes": [{"id": "a", "type": "condition", "data": {"conditions": [{"field": "x", "operator": "resembles", "target": "b"}]}}], "edges": []}""")]
    [InlineData("""{"nodes": [{"id": "a", "type": "input", "data": {"inputFields": [{"name": "x"}]}}], "edges": []}""")]
    [InlineData("""{"nodes": [{"id": "\ud800", "type": "input", "data": {}}], "edges": []}""")]
    public void Another_shape_is_a_JsonException(string json) => Should.Throw<JsonException>(() => Json.Read<WorkflowDefinition>(json));

    [Fact]
    public void A_lone_half_of_a_character_is_a_JsonException() => Should.Throw<JsonException>(() => Json.Read<WorkflowDefinition>("{\"nodes\": [], \"edges\": [], \"x\": \"\ud83d\"}"));

    [Fact]
    public void Whatever_is_broken_is_a_JsonException_and_what_is_read_can_be_checked_and_written()
    {
        var random = new Random(2026);
        const string alphabet = "{}[]\",:\\/ntf0123456789.eE+-\u0000\u00e9x ";
        for (var round = 0; round < 5_000; round++)
        {
            var text = new StringBuilder(Sent);
            for (var change = random.Next(1, 5); change > 0; change--)
            {
                var at = random.Next(text.Length);
                switch (random.Next(3))
                {
                    case 0: text.Remove(at, Math.Min(random.Next(1, 40), text.Length - at)); break;
                    case 1: text.Insert(at, alphabet[random.Next(alphabet.Length)]); break;
                    default: text[at] = alphabet[random.Next(alphabet.Length)]; break;
                }
            }

            try
            {
                var read = Json.Read<WorkflowDefinition>(text.ToString());
                WorkflowValidator.Validate(read);
                Json.Write(read);
            }
            catch (JsonException)
            {
                // As promised.
            }
        }
    }
}
