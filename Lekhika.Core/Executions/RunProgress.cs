using Lekhika.Core.Executions.Steps;
using Lekhika.Core.Planning;
using Lekhika.Core.Workflows;

namespace Lekhika.Core.Executions;

/// <summary>
/// Percent by weight of work, never by count of nodes: chapters 75 (each by its target words), compilation 1, all other steps together 10;
/// formats, which the exporter makes, the remaining 14. A graph without one of these shares its weight out among the others.
/// </summary>
public static class RunProgress
{
    /// <summary>Percent of the whole once the manuscript is with the exporter.</summary>
    public const double Compiled = 86;

    private const double Whole = 100;
    private const double Writing = 75;
    private const double Compilation = 1;
    private const double Planning = 10;

    /// <summary>Percent of the whole that is done.</summary>
    /// <param name="outline">The chapters, once they are planned.</param>
    /// <param name="isWritten">Whether a chapter is finished, by its number.</param>
    public static double Percent(WorkflowGraph graph, IReadOnlyDictionary<string, NodeStanding> standings, Outline? outline, Func<int, bool> isWritten)
    {
        var others = graph.Nodes.Count(node => Share(node) == Planning);
        double all = 0, done = 0;
        foreach (var node in graph.Nodes)
        {
            var weight = Share(node) == Planning ? Planning / others : Share(node);
            all += weight;
            done += weight * Done(node, standings[node.Id], outline, isWritten);
        }

        return all == 0 ? 0 : done / all * (graph.Output is null ? Whole : Compiled);
    }

    private static double Share(WorkflowNode node) => RoleContracts.For(node.Data.Role!)?.Makes switch
    {
        OutputKinds.Chapter => Writing,
        OutputKinds.Manuscript => Compilation,
        OutputKinds.Handover => 0,
        _ => Planning,
    };

    private static double Done(WorkflowNode node, NodeStanding standing, Outline? outline, Func<int, bool> isWritten)
    {
        if (standing is NodeStanding.Done or NodeStanding.Skipped)
        {
            return 1;
        }

        if (outline is null || Share(node) != Writing)
        {
            return 0;
        }

        static double Words(OutlineChapter chapter) => Math.Max(1, chapter.TargetWords);
        return outline.Chapters.Where(chapter => isWritten(chapter.Number)).Sum(Words) / outline.Chapters.Sum(Words);
    }
}
