using System.ComponentModel;
using System.Diagnostics;

namespace Lekhika.AppHost.Local.Processes;

/// <summary>
/// A process that never outlives this one. It leads a session of its own (so a terminal's Ctrl+C reaches only us, and
/// its children can be ended with it), gets a parent-death signal, and has a watchdog: a shell that waits on a pipe from
/// us and ends the whole group when the pipe closes, which also catches the child's own children.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const string Watchdog = "read -r word || kill -s \"$1\" -- \"-$2\"";

    private static readonly string[] General = ["PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "LD_LIBRARY_PATH"];

    private readonly Process _process;
    private readonly Process _watchdog;

    private ChildProcess(Process process, Process watchdog, Action<string> onLine)
    {
        _process = process;
        _watchdog = watchdog;
        Id = process.Id;
        var output = Task.WhenAll(ReadAsync(process.StandardOutput, onLine), ReadAsync(process.StandardError, onLine));
        Exited = WaitAsync(output);
    }

    public int Id { get; }

    /// <summary>Completes with the exit code; 128 + n when signal n ended the process.</summary>
    public Task<int> Exited { get; }

    /// <exception cref="FileNotFoundException">The program, or util-linux's setpriv or setsid, is not there.</exception>
    public static Task<ChildProcess> StartAsync(ChildCommand command, Action<string>? onLine = null) =>
        LifelongThread.RunAsync(() =>
        {
            var process = Start(WrapperOf(command), command);
            process.StandardInput.Close();
            var watchdog = Start(["setsid", "sh", "-c", Watchdog, "sh", NameOf(command.DeathSignal), $"{process.Id}"], command: null);
            return new ChildProcess(process, watchdog, onLine ?? (static _ => { }));
        });

    /// <summary>Runs a command to its end and returns its exit code and everything it wrote.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(ChildCommand command, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        await using var child = await StartAsync(command, line =>
        {
            lock (lines)
            {
                lines.Add(line);
            }
        });
        var exitCode = await child.Exited.WaitAsync(cancellationToken);
        return (exitCode, string.Join('\n', lines));
    }

    public void Send(Signal signal)
    {
        if (!Exited.IsCompleted)
        {
            signal.SendTo(Id);
        }
    }

    /// <summary>Asks the process to end; after the grace it, and whatever it started, is killed.</summary>
    public async Task<int> StopAsync(Signal signal, TimeSpan grace)
    {
        Send(signal);
        try
        {
            return await Exited.WaitAsync(grace);
        }
        catch (TimeoutException)
        {
            Signal.Kill.SendTo(-Id);
            Send(Signal.Kill);
            return await Exited;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Send(Signal.Kill);
        await Exited;
    }

    private static List<string> WrapperOf(ChildCommand command)
    {
        List<string> words = ["setpriv", "--pdeathsig", NameOf(command.DeathSignal)];
        if (command.User is { } user)
        {
            words.AddRange(["--reuid", user, "--regid", user, "--init-groups"]);
        }

        return [.. words, "setsid", command.FileName, .. command.Arguments];
    }

    private static string NameOf(Signal signal) => signal switch
    {
        Signal.Interrupt => "INT",
        Signal.Quit => "QUIT",
        Signal.Terminate => "TERM",
        _ => "KILL",
    };

    private static Process Start(List<string> words, ChildCommand? command)
    {
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = command?.WorkingDirectory ?? "/",
        };
        if (command is { InheritsEnvironment: false })
        {
            foreach (var name in start.Environment.Keys.Where(name => !General.Contains(name) && !name.StartsWith("LC_", StringComparison.Ordinal)).ToList())
            {
                start.Environment.Remove(name);
            }
        }

        foreach (var (name, value) in command?.Environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new FileNotFoundException($"'{words[0]}' could not be started ({error.Message}). The local engine needs Linux with util-linux (Debian: apt-get install util-linux).", error);
        }
    }

    private static async Task ReadAsync(StreamReader reader, Action<string> onLine)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            onLine(line);
        }
    }

    private async Task DismissWatchdogAsync()
    {
        try
        {
            await _watchdog.StandardInput.WriteLineAsync("done");
            _watchdog.StandardInput.Close();
        }
        catch (IOException)
        {
            // A Ctrl+C at the terminal took it before it had left our session; nobody is left to watch over anyway.
        }
    }

    private async Task<int> WaitAsync(Task output)
    {
        await _process.WaitForExitAsync();
        // What the child started goes with it; and only then can the pipes be at their end.
        Signal.Kill.SendTo(-Id);
        await DismissWatchdogAsync();
        await Task.WhenAny(output, Task.Delay(TimeSpan.FromSeconds(1)));
        using (_process)
        using (_watchdog)
        {
            return _process.ExitCode;
        }
    }
}
