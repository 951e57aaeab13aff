using Lekhika.Core.Exports;
using Lekhika.Exporter.Rendering;

namespace Lekhika.Exporter.Tests.Jobs;

/// <summary>Renders what the test says.</summary>
internal sealed class ScriptedRenderer(ExportFormat format, Func<RenderOrder, RenderedBook> render) : IBookRenderer
{
    public ExportFormat Format => format;

    public Task<RenderedBook> RenderAsync(RenderOrder order, CancellationToken cancellationToken) => Task.FromResult(render(order));
}
