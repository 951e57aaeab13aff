using Lekhika.Core.Exports;
using Lekhika.Exporter.Rendering;

namespace Lekhika.Exporter.Tests.Jobs;

/// <summary>Renders what the test says.</summary>
internal sealed class ScriptedRenderer(ExportFormat format, Func<RenderOrder, CancellationToken, Task<RenderedBook>> render) : IBookRenderer
{
    public ScriptedRenderer(ExportFormat format, Func<RenderOrder, RenderedBook> render)
        : this(format, (order, _) => Task.FromResult(render(order)))
    {
    }

    public ExportFormat Format => format;

    public Task<RenderedBook> RenderAsync(RenderOrder order, CancellationToken cancellationToken) => render(order, cancellationToken);
}
