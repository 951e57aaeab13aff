using System.Collections.Immutable;
using Lekhika.Core;
using Lekhika.Core.Executions;
using Lekhika.Core.Exports;
using Lekhika.Core.Planning;
using Lekhika.Persistence.Runs;

namespace Lekhika.Worker.Nodes;

/// <summary>
/// What a run knows: the brief, and every durable output. Immutable, so that steps in flight read one state while the scheduler
/// makes the next; folded from the database when a run is claimed and from finished steps after that.
/// </summary>
internal sealed record RunState(
    RunLease Lease,
    Brief Brief,
    string Settings,
    IReadOnlyList<ExportFormat> Formats,
    ImmutableDictionary<StepKey, StepOutput> Outputs,
    ImmutableSortedDictionary<int, ChapterSummary> Chapters)
{
    public static RunState From(RunLease lease, RunSnapshot snapshot) => new(
        lease,
        snapshot.Brief,
        snapshot.Settings,
        snapshot.Formats,
        snapshot.Outputs.ToImmutableDictionary(output => output.Step),
        snapshot.Chapters.GroupBy(chapter => chapter.Number).ToImmutableSortedDictionary(versions => versions.Key, versions => versions.MaxBy(v => v.Version)!));

    public RunState With(StepOutput output, ChapterVersion? chapter) => this with
    {
        Outputs = Outputs.SetItem(output.Step, output),
        Chapters = chapter is null ? Chapters : Chapters.SetItem(chapter.Number, new ChapterSummary(chapter.Number, chapter.Version, chapter.Title, chapter.Words)),
    };

    /// <summary>The newest output of a kind, or a fault that names what is missing.</summary>
    public T Need<T>(string kind, string who)
    {
        var output = Outputs.Values.Where(output => output.Kind == kind).MaxBy(output => output.Step.Generation)
            ?? throw StepFault.Permanent($"The node '{who}' needs {kind}, which no node before it makes. Add one to the engine.");
        return Json.Read<T>(output.Content);
    }
}
