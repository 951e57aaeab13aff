using Lekhika.Core.Exports;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Runs;

namespace Lekhika.Worker.Nodes;

/// <summary>Hands the compiled manuscript, the settings and the asked formats to the exporter; renders nothing itself.</summary>
internal sealed class OutputNode : IOutputNode
{
    public HandoverResult Execute(StepContext context)
    {
        if (!context.State.Outputs.Values.Any(output => output.Kind == OutputKinds.Manuscript))
        {
            throw StepFault.Permanent($"The node '{context.Name}' has no manuscript to hand over: no compiler comes before it in the engine.");
        }

        var asked = context.State.Formats;
        var own = (context.Node.Data.ExportFormats ?? []).Select(ExportFormat.Find).OfType<ExportFormat>().Distinct().ToList();
        return new HandoverResult(new ExportOrder(1, asked.Count > 0 ? asked : own.Count > 0 ? own : ExportFormat.All, context.State.Settings));
    }
}
