using Lekhika.Run.Books;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Lekhika.Run.Display;

/// <summary>A stage as a row: its name, its bar, what is known about it.</summary>
internal static class StageColumns
{
    private const string Key = "stage";

    public static ProgressColumn[] All { get; } =
    [
        new NameColumn(),
        new ProgressBarColumn
        {
            Width = 36,
            CompletedStyle = Style.Parse(Palette.Accent),
            FinishedStyle = Style.Parse(Palette.Good),
            RemainingStyle = Style.Parse(Palette.Faint),
        },
        new DetailColumn(),
    ];

    public static void Show(ProgressTask bar, Stage stage)
    {
        bar.State.Update<Stage>(Key, _ => stage);
        bar.Value = stage.Fraction;
        if (stage.State is StageState.Failed && !bar.IsFinished)
        {
            bar.StopTask();
        }
    }

    private static Stage Of(ProgressTask bar) => bar.State.Get<Stage>(Key);

    private sealed class NameColumn : ProgressColumn
    {
        public override int? GetColumnWidth(RenderOptions options) => 14;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        {
            var stage = Of(task);
            return new Text($"  {stage.Name}", Style.Parse(stage.State == StageState.Waiting ? Palette.Quiet : "default"));
        }
    }

    private sealed class DetailColumn : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        {
            var stage = Of(task);
            return new Text(stage.Detail, Style.Parse(stage.State == StageState.Failed ? Palette.Bad : Palette.Quiet)).Overflow(Overflow.Ellipsis);
        }
    }
}
