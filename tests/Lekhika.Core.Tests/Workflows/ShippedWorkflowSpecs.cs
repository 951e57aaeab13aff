using Lekhika.Core.Workflows;

namespace Lekhika.Core.Tests.Workflows;

public sealed class ShippedWorkflowSpecs
{
    [Fact]
    public void The_book_flow_that_is_shipped_runs()
    {
        var workflow = Json.Read<WorkflowDefinition>(Script("0008_seed.sql").Split("$json$")[1]);

        var graph = WorkflowValidator.Graph(workflow);

        graph.TopologicalOrder.ShouldBe(["requirements-1", "architect-1", "outliner-1", "writer-1", "compiler-1", "output-1"]);
    }

    private static string Script(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Lekhika.sln")))
        {
            folder = folder.Parent;
        }

        return File.ReadAllText(Path.Combine(folder.ShouldNotBeNull().FullName, "Lekhika.Migrator", "Scripts", name));
    }
}
