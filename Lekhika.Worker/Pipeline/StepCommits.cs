using Lekhika.Core;
using Lekhika.Core.Executions;
using Lekhika.Core.Executions.Steps;
using Lekhika.Core.Exports;
using Lekhika.Core.Planning;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Batches;
using Lekhika.Persistence.Runs;
using Lekhika.Worker.Nodes;

namespace Lekhika.Worker.Pipeline;

/// <summary>What finished steps and transitions write.</summary>
internal static class StepCommits
{
    /// <summary>The output of a finished step.</summary>
    /// <param name="inputs">JSON of what it was made of.</param>
    public static (StepOutput Output, ChapterVersion? Chapter) Output(StepContext step, StepResult result, string inputs)
    {
        if (result.Chapter is { } chapter)
        {
            var version = (step.State.Chapters.GetValueOrDefault(chapter.Number)?.Version ?? 0) + 1;
            return (
                Output(step.Step, OutputKinds.Chapter, Json.Write(new { chapter.Number, version, chapter.Words }), chapter.Use, inputs, chapter.Text),
                new ChapterVersion(chapter.Number, version, chapter.Title, chapter.Text, chapter.Words, step.Node.Id));
        }

        var data = result.Data!;
        return (Output(step.Step, data.Kind, data.Content, data.Use, inputs, data.Content), null);
    }

    /// <summary>The commit of a finished step.</summary>
    /// <param name="underWay">What is due now, for people; null when that was told, or is nothing.</param>
    public static RunCommit Finished(StepContext step, StepResult result, StepOutput output, ChapterVersion? chapter, RunFigures figures, string? underWay) =>
        new(step.State.Lease, [new JournalEvent(JournalEventTypes.StepCompleted, step.Step, Data(output, chapter, result))])
        {
            Output = output,
            Chapter = chapter,
            Calls = result.Calls,
            Taken = result.Taken,
            Book = result.Data?.Book,
            Figures = figures,
            CurrentStep = chapter is null ? underWay : $"{step.Name}: chapter {figures.ChaptersDone} of {figures.ChaptersTotal}, {chapter.Title}",
        };

    /// <summary>A call that waits for a batch.</summary>
    public static RunCommit Parked(RunLease lease, ParkedCall call) => new(lease, []) { Parked = call, Calls = [call.Call] };

    /// <summary>The run rests until its parked calls are answered.</summary>
    /// <param name="calls">How many wait.</param>
    /// <param name="previews">Previews that wait for a person meanwhile.</param>
    public static RunCommit InBatch(RunLease lease, int calls, IReadOnlyList<StepContext> previews) =>
        Ended(lease, RunCommand.Pause, JournalEventTypes.RunPaused, new { reason = "batch", calls, nodes = previews.Select(step => step.Node.Id) }) with
        {
            WaitsForBatch = true,
            CurrentStep = $"Waits for a batch of {calls} chapters" + (previews.Count == 0 ? "" : $", and for your word: {string.Join(", ", previews.Select(step => step.Name))}"),
        };

    /// <summary>The manuscript goes to the exporter.</summary>
    public static RunCommit HandedOver(StepContext step, ExportOrder order, string inputs, RunFigures figures)
    {
        var content = Json.Write(new { Order = order.Number, Formats = order.Formats.Select(format => format.Key) });
        var output = Output(step.Step, OutputKinds.Handover, content, default, inputs, content);
        return new(step.State.Lease,
        [
            new JournalEvent(JournalEventTypes.StepCompleted, step.Step, Json.Write(new { output.Kind })),
            new JournalEvent(JournalEventTypes.ManuscriptCompiled, null, content),
        ])
        {
            Command = RunCommand.Compile,
            Output = output,
            Exports = order,
            Figures = figures with { Progress = RunProgress.Compiled },
            CurrentStep = "Making " + string.Join(", ", order.Formats.Select(format => format.Name)),
        };
    }

    /// <summary>A transition with its one event.</summary>
    public static RunCommit Ended(RunLease lease, RunCommand command, string type, object? data = null) =>
        new(lease, [new JournalEvent(type, null, data is null ? "{}" : Json.Write(data))]) { Command = command };

    private static StepOutput Output(StepKey step, string kind, string content, ModelUse use, string inputs, string hashed) =>
        new(step, kind, content, use.Model, use.InputTokens, use.OutputTokens) { Inputs = inputs, Hash = StepInputs.Hash(hashed) };

    private static string Data(StepOutput output, ChapterVersion? chapter, StepResult result) => Json.Write(new
    {
        output.Kind,
        chapter?.Words,
        output.Model,
        output.InputTokens,
        output.OutputTokens,
        StartedAt = (result.Started - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond,
        Milliseconds = (int)result.Elapsed.TotalMilliseconds,
    });
}
