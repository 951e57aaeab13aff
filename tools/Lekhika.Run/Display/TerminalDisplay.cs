using System.Diagnostics;
using Lekhika.Run.Books;
using Lekhika.Run.Host;
using Spectre.Console;

namespace Lekhika.Run.Display;

/// <summary>For a terminal: one live line of resources, then a bar per stage.</summary>
internal sealed class TerminalDisplay(IAnsiConsole console) : IDisplay
{
    public async Task<T> StartingAsync<T>(Func<Action<AppHostState>, Task<T>> work)
    {
        var clock = Stopwatch.StartNew();
        console.WriteLine();
        console.MarkupLine($"  [bold {Palette.Accent}]Lekhika[/]  [{Palette.Quiet}]she who writes[/]");
        console.WriteLine();
        var result = await console.Live(new Markup($"  [{Palette.Quiet}]Starting …[/]")).AutoClear(true)
            .StartAsync(async live => await work(state => live.UpdateTarget(new Markup(Resources(state)))));
        console.MarkupLine($"  [{Palette.Good}]●[/] Everything is healthy  [{Palette.Quiet}]{clock.Elapsed.TotalSeconds:F1} s[/]");
        console.WriteLine();
        return result;
    }

    public async Task<T> WritingAsync<T>(BookOrder order, Func<Action<IReadOnlyList<Stage>>, Task<T>> work)
    {
        var clock = Stopwatch.StartNew();
        console.MarkupLine($"  [bold]{order.Title.EscapeMarkup()}[/]{(order.Genre is { } genre ? $"  [{Palette.Quiet}]{genre.EscapeMarkup()}[/]" : "")}");
        console.WriteLine();
        var result = await console.Progress().AutoClear(false).Columns(StageColumns.All)
            .StartAsync(async progress =>
            {
                var bars = new Dictionary<string, ProgressTask>(StringComparer.Ordinal);
                return await work(stages =>
                {
                    foreach (var stage in stages)
                    {
                        if (!bars.TryGetValue(stage.Name, out var bar))
                        {
                            bars[stage.Name] = bar = progress.AddTask(stage.Name.EscapeMarkup(), maxValue: 1);
                        }

                        StageColumns.Show(bar, stage);
                    }
                });
            });
        console.MarkupLine($"  [{Palette.Quiet}]{clock.Elapsed.TotalSeconds:F1} s[/]");
        console.WriteLine();
        return result;
    }

    public void Tell(Notice notice)
    {
        var colour = notice.IsError ? Palette.Bad : Palette.Warning;
        console.MarkupLine($"  [{colour}]{notice.Resource.EscapeMarkup()}[/]  {notice.Text.EscapeMarkup()}");
    }

    public void Line(string text) => console.WriteLine(text);

    public void Files(string folder, IReadOnlyList<FileInfo> files)
    {
        console.MarkupLine($"  Your book is in [{Palette.Accent}]{folder.EscapeMarkup()}[/]");
        console.WriteLine();
        var width = files.Select(file => file.Name.Length).DefaultIfEmpty().Max();
        foreach (var file in files)
        {
            console.MarkupLine($"    {file.Name.PadRight(width).EscapeMarkup()}  [{Palette.Quiet}]{BookStages.Size(file.Length)}[/]");
        }

        console.WriteLine();
    }

    public void Invitation(Invitation invitation)
    {
        if (!invitation.Stays)
        {
            console.MarkupLine($"  [{Palette.Quiet}]Everything stops; the data stay in {invitation.DataDirectory.EscapeMarkup()}[/]");
            return;
        }

        console.MarkupLine($"  [{Palette.Quiet}]API[/]  {invitation.Api.EscapeMarkup()}");
        console.MarkupLine($"  [{Palette.Quiet}]Key[/]  {invitation.Key.EscapeMarkup()}");
        console.WriteLine();
        console.MarkupLine($"  [{Palette.Quiet}]Ask for another book, from another terminal:[/]");
        console.WriteLine();
        // Past the console's own wrapping, at the left edge: it is to be copied.
        console.Profile.Out.Writer.WriteLine(invitation.Curl);
        console.WriteLine();
        console.MarkupLine($"  [{Palette.Quiet}]Ctrl+C stops everything; the data stay in {invitation.DataDirectory.EscapeMarkup()}[/]");
    }

    public void Failure(string message)
    {
        console.WriteLine();
        console.MarkupLine($"  [{Palette.Bad}]{message.EscapeMarkup()}[/]");
    }

    private static string Resources(AppHostState state) =>
        "  " + string.Join("  ", state.Resources.Select(resource =>
        {
            var colour = resource.Value.IsReady ? Palette.Good : resource.Value.State is "Starting" or "Running" ? Palette.Accent : Palette.Quiet;
            return $"[{colour}]{(resource.Value.IsReady ? '●' : '○')}[/] [{(resource.Value.IsReady ? "default" : Palette.Quiet)}]{resource.Key.EscapeMarkup()}[/]";
        }));
}
