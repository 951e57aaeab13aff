using System.Text.Json;

namespace Lekhika.AppHost.Local.Engine;

/// <summary>
/// What scripts read (<c>Lekhika:StateFile</c>): <c>{ started, dataDirectory, processId, resources: { name: { state, health, pids, urls, exitCode } } }</c>,
/// replaced as a whole at every change. A resource with replicas is as far as its slowest one.
/// </summary>
internal sealed class StateFile(string path, string dataDirectory, Board board)
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private bool _started;
    private bool _complained;

    /// <param name="complain">Receives a sentence when the file can no longer be written (a full disk), once until it can be again: the services need no file.</param>
    public void MarkStarted(Action<string> complain) => board.HoldStill(() =>
    {
        _started = true;
        WriteIfPossible(complain);
    });

    /// <inheritdoc cref="MarkStarted"/>
    public void WriteIfPossible(Action<string> complain) => board.HoldStill(() =>
    {
        try
        {
            Write();
            _complained = false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (!_complained)
            {
                _complained = true;
                complain($"The state file '{path}' cannot be written any more ({error.Message}); what it says is out of date.");
            }
        }
    });

    /// <summary>The board's lock is the only one: with one of our own, an observer and somebody else would take the two in opposite order.</summary>
    public void Write()
    {
        board.HoldStill(() =>
        {
            var resources = board.Read().GroupBy(entry => entry.Instance.Resource).ToDictionary(
                group => group.Key,
                group =>
                {
                    var all = group.Select(entry => entry.Snapshot).ToList();
                    var slowest = all.MinBy(snapshot => snapshot.IsReady ? 1 : 0)!;
                    return new
                    {
                        State = slowest.State.ToString(),
                        Health = slowest.IsHealthy switch { true => "Healthy", false => "Unhealthy", null => null },
                        Pids = all.Select(snapshot => snapshot.ProcessId).OfType<int>(),
                        Urls = all.Select(snapshot => snapshot.Url).OfType<string>(),
                        slowest.ExitCode,
                    };
                });
            var fresh = path + ".new";
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            File.WriteAllText(fresh, JsonSerializer.Serialize(new { Started = _started, DataDirectory = dataDirectory, Environment.ProcessId, Resources = resources }, Indented));
            File.Move(fresh, path, overwrite: true);
        });
    }
}
