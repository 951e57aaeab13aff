using Aspire.Hosting;
using Lekhika.Testing.Processes;

namespace Lekhika.AppHost.Tests.Surface;

public sealed class SurfaceTests
{
    [Fact]
    public void The_local_types_have_exactly_the_members_that_the_record_lists_as_Aspires()
    {
        var record = File.ReadAllText(Path.Combine(BuiltProgram.Root, "docs/adr/0002-aspire-with-a-local-engine.md"));
        var listed = record.Split("```")[1].Split('\n').Skip(1).Where(line => line.Length > 0 && !line.StartsWith('#')).ToList();

        listed.Count.ShouldBeGreaterThan(50);
        PublicSurface.Of(typeof(DistributedApplication).Assembly).ShouldBe(listed, ignoreOrder: true);
    }

    [Fact]
    public void Nothing_else_of_the_AppHost_is_public() =>
        typeof(DistributedApplication).Assembly.GetExportedTypes().Where(type => type.Namespace?.StartsWith("Aspire.Hosting", StringComparison.Ordinal) != true)
            .Select(type => type.Name)
            .ShouldBe(["Program"], "ASP.NET Core's generator makes the entry point public");
}
