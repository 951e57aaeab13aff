using System.Diagnostics;
using Lekhika.Persistence.Exports;

namespace Lekhika.Exporter;

/// <summary>The span of each rendered format, in the trace of the run.</summary>
internal static class ExporterTelemetry
{
    public const string ExecutionId = "lekhika.execution.id";
    public const string Format = "lekhika.export.format";
    public const string Bytes = "lekhika.export.bytes";

    private static readonly ActivitySource Source = new("Lekhika.Exporter");

    public static Activity? StartExport(ExportJob job)
    {
        var parent = ActivityContext.TryParse(job.TraceParent, null, isRemote: true, out var request) ? request : default;
        return Source.StartActivity($"export {job.Format.Key}", ActivityKind.Consumer, parent)
            ?.SetTag(ExecutionId, job.ExecutionId).SetTag(Format, job.Format.Key);
    }
}
