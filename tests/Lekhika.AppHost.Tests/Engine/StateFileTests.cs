using Lekhika.AppHost.Local.Engine;
using Lekhika.AppHost.Local.Processes;

namespace Lekhika.AppHost.Tests.Engine;

public sealed class StateFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Changes_and_the_mark_of_the_start_do_not_wait_for_each_other()
    {
        var board = new Board();
        var state = new StateFile(_folder["state.json"], _folder["data"], board);
        board.Observe((_, _, _) => state.WriteIfPossible(static _ => { }));
        var instance = new Instance("api", "api");

        await Task.WhenAll(
            Task.Run(() => Times(300, n => board.Update(instance, _ => new ResourceSnapshot(ResourceState.Running, ProcessId: n)))),
            Task.Run(() => Times(300, _ => state.MarkStarted(static _ => { })))).WaitAsync(RunningApplication.Soon);

        var text = await File.ReadAllTextAsync(_folder["state.json"]);
        text.ShouldContain("\"started\": true");
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_any_more_is_told_once_and_stops_no_restart()
    {
        await using var application = new RunningApplication(_folder["data"], $"--Lekhika:StateFile={_folder["state.json"]}");
        application.AddScript("worker", "exec sleep 100");
        var first = await application.Start().WaitAsync("worker", ResourceState.Running);

        await StandInTheWayAsync(_folder["state.json.new"]);
        Signal.Kill.SendTo(first.ProcessId!.Value);

        await application.WaitAsync("worker", snapshot => snapshot.State == ResourceState.Running && snapshot.ProcessId != first.ProcessId);
        application.Error.Trim().ShouldMatch(@"^The state file '.*state\.json' cannot be written any more \([^\n]*\); what it says is out of date\.$");
    }

    /// <summary>In the way of the file that is to replace the old one; that file may be there itself at this moment.</summary>
    private static async Task StandInTheWayAsync(string path)
    {
        while (true)
        {
            try
            {
                Directory.CreateDirectory(path);
                return;
            }
            catch (IOException)
            {
                await Task.Yield();
            }
        }
    }

    private static void Times(int count, Action<int> action)
    {
        for (var n = 1; n <= count; n++)
        {
            action(n);
        }
    }
}
