using Lekhika.Core.Exports;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Runs;

namespace Lekhika.Worker.Nodes;

/// <summary>Hands the compiled manuscript, the settings and the asked formats to the exporter; renders nothing itself.</summary>
internal sealed class OutputNode : IOutputNode
{
    public ExportOrder Execute(StepContext context)
    {
        var state = context.State;
        var manuscript = context.Need<CompiledManuscript>(OutputKinds.Manuscript);
        var own = (context.Node.Data.ExportFormats ?? []).Select(ExportFormat.Find).OfType<ExportFormat>().Distinct().ToList();
        return new ExportOrder(state.Orders + 1, manuscript.BookId, state.Formats.Count > 0 ? state.Formats : own.Count > 0 ? own : ExportFormat.All, state.Settings);
    }
}
