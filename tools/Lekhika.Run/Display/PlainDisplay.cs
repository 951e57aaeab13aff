using System.Diagnostics;
using Lekhika.Run.Books;
using Lekhika.Run.Host;

namespace Lekhika.Run.Display;

/// <summary>One line for each thing that happened; no colours, nothing redrawn.</summary>
internal sealed class PlainDisplay(TextWriter output, TextWriter errors) : IDisplay
{
    public async Task<T> StartingAsync<T>(Func<Action<AppHostState>, Task<T>> work)
    {
        var clock = Stopwatch.StartNew();
        var ready = new HashSet<string>(StringComparer.Ordinal);
        output.WriteLine("Starting Lekhika …");
        var result = await work(state =>
        {
            foreach (var (name, _) in state.Resources.Where(resource => resource.Value.IsReady && ready.Add(resource.Key)))
            {
                output.WriteLine($"  {name} is ready");
            }
        });
        output.WriteLine($"Everything is healthy after {clock.Elapsed.TotalSeconds:F1} s.");
        return result;
    }

    public async Task<T> WritingAsync<T>(BookOrder order, Func<Action<IReadOnlyList<Stage>>, Task<T>> work)
    {
        var clock = Stopwatch.StartNew();
        var said = new Dictionary<string, string>(StringComparer.Ordinal);
        output.WriteLine($"Writing \"{order.Title}\" …");
        var result = await work(stages =>
        {
            foreach (var stage in stages.Where(stage => stage.State != StageState.Waiting))
            {
                var line = Line(stage);
                if (said.GetValueOrDefault(stage.Name) != line)
                {
                    said[stage.Name] = line;
                    output.WriteLine($"  {line}");
                }
            }
        });
        output.WriteLine($"After {clock.Elapsed.TotalSeconds:F1} s.");
        return result;
    }

    public void Tell(Notice notice) => errors.WriteLine($"{(notice.IsError ? "error" : "warning")} from {notice.Resource}: {notice.Text}");

    public void Line(string text) => output.WriteLine(text);

    public void Files(string folder, IReadOnlyList<FileInfo> files)
    {
        output.WriteLine($"The book is in {folder}:");
        foreach (var file in files)
        {
            output.WriteLine($"  {file.FullName} ({BookStages.Size(file.Length)})");
        }
    }

    public void Invitation(Invitation invitation)
    {
        if (!invitation.Stays)
        {
            output.WriteLine($"Everything stops; the data stay in {invitation.DataDirectory}.");
            return;
        }

        output.WriteLine($"API: {invitation.Api}");
        output.WriteLine($"Key: {invitation.Key}");
        output.WriteLine($"Try:\n{invitation.Curl}");
        output.WriteLine($"Ctrl+C stops everything; the data stay in {invitation.DataDirectory}.");
    }

    public void Failure(string message) => errors.WriteLine(message);

    /// <summary>Chapters are told one by one, other stages when they begin and when they end.</summary>
    private static string Line(Stage stage)
    {
        var detail = stage.Detail.Length == 0 ? "" : $", {stage.Detail}";
        return stage.State switch
        {
            StageState.Done => $"{stage.Name}: done{detail}",
            StageState.Failed => $"{stage.Name}: failed{detail}",
            _ => stage.Detail.Length == 0 ? $"{stage.Name} …" : $"{stage.Name}{detail}",
        };
    }
}
