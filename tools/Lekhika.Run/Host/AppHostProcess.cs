using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Lekhika.Run.Host;

/// <summary>The AppHost as a child process. It stops by itself when this process is gone, however that ended.</summary>
internal sealed class AppHostProcess : IAsyncDisposable
{
    private const int Terminate = 15;

    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ServiceLog _log;
    private readonly string _stateFile;

    private AppHostProcess(Process process, ServiceLog log, string stateFile)
    {
        _process = process;
        _log = log;
        _stateFile = stateFile;
        Exited = WaitAsync();
    }

    public int Id => _process.Id;

    /// <summary>Completes with the exit code.</summary>
    public Task<int> Exited { get; }

    public static AppHostProcess Start(RunOptions options, ServiceLog log)
    {
        var stateFile = Path.Combine(options.DataDirectory, $"state-{Environment.ProcessId}.json");
        File.Delete(stateFile);
        // In a session of its own: Ctrl+C in the terminal reaches us alone, and we stop it once and in order.
        var start = new ProcessStartInfo("setsid",
        [
            Environment.ProcessPath ?? "dotnet", Installation.AppHost,
            $"--Lekhika:DataDirectory={options.DataDirectory}",
            $"--Lekhika:StateFile={stateFile}",
            .. options.Port is { } port ? [$"--Lekhika:ApiPort={port}"] : Array.Empty<string>(),
        ])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Aspire's name for the process without which the AppHost has no reason to live.
            Environment = { ["ASPIRE_CLI_PID"] = $"{Environment.ProcessId}" },
        };
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new AppHostProcess(process, log, stateFile);
    }

    /// <summary>Waits until every resource is healthy, telling each state on the way.</summary>
    /// <exception cref="RunFailedException">Something cannot start, or the time is over.</exception>
    public async Task<AppHostState> ReadyAsync(Action<AppHostState> onState, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < StartPatience)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Exited.IsCompleted)
            {
                throw new RunFailedException($"The system did not start:\n\n{_log.LastWords}");
            }

            if (AppHostState.Read(_stateFile) is { } state)
            {
                onState(state);
                if (state.IsReady)
                {
                    return state;
                }

                if (state.Hopeless is { } resource)
                {
                    throw new RunFailedException($"'{resource}' cannot start. The end of the log ({_log.Path}):\n\n{_log.LastWords}");
                }
            }

            await Task.WhenAny(Exited, Task.Delay(50, cancellationToken));
        }

        throw new RunFailedException($"Not healthy within {StartPatience.TotalMinutes:F0} minutes: {AppHostState.Read(_stateFile)?.Missing}. The end of the log ({_log.Path}):\n\n{_log.LastWords}");
    }

    /// <summary>Everything is stopped in order; what does not end within a minute is killed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!Exited.IsCompleted)
        {
            _log.KeepQuiet();
            _ = Send(Id, Terminate);
            try
            {
                await Exited.WaitAsync(StopPatience);
            }
            catch (TimeoutException)
            {
                _process.Kill(entireProcessTree: true);
                await Exited;
            }
        }

        File.Delete(_stateFile);
        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Send(int processId, int signal);

    private async Task<int> WaitAsync()
    {
        await Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError), _process.WaitForExitAsync());
        return _process.ExitCode;
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            _log.Add(line);
        }
    }
}
