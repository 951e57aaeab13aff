using Lekhika.Core.Planning;
using Lekhika.Core.Workflows;

namespace Lekhika.Core.Tests.Workflows;

public sealed class ShippedWorkflowSpecs
{
    [Fact]
    public void The_book_flow_that_is_shipped_runs()
    {
        var workflow = Json.Read<WorkflowDefinition>(Text("Lekhika.Migrator/Scripts/0008_seed.sql").Split("$json$")[1]);

        var graph = WorkflowValidator.Graph(workflow);

        graph.TopologicalOrder.ShouldBe(["requirements-1", "architect-1", "outliner-1", "writer-1", "compiler-1", "output-1"]);
    }

    [Fact]
    public void The_example_of_the_page_on_workflows_runs_and_the_page_names_every_role_that_does()
    {
        var page = Text("docs/workflows.md");

        WorkflowValidator.Validate(Json.Read<WorkflowDefinition>(page.Split("```json")[1].Split("```")[0])).ShouldBeEmpty();
        NodeRole.All.Keys.ShouldAllBe(role => page.Contains($"`{role}`"));
        BriefReader.Names.ShouldAllBe(name => page.Contains($"`{name}`"));
    }

    private static string Text(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Lekhika.sln")))
        {
            folder = folder.Parent;
        }

        return File.ReadAllText(Path.Combine(folder.ShouldNotBeNull().FullName, path));
    }
}
