using System.Collections.Concurrent;
using Lekhika.Testing.Processes;

namespace Lekhika.Chaos.Tests.Disturbances;

/// <summary>A worker's place: when the process in it ends, whoever ended it, a fresh one takes it, as the AppHost's supervisor does.</summary>
internal sealed class WorkerSlot(int number, Func<string, Task<ServiceProcess>> start, Chronicle chronicle) : IAsyncDisposable
{
    /// <summary>The supervisor's first wait.</summary>
    private static readonly TimeSpan RestartWait = TimeSpan.FromSeconds(0.5);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _output = new();
    private Task _life = Task.CompletedTask;
    private ServiceProcess? _up;
    private bool _killed;
    private bool _frozen;
    private int _lives;

    /// <summary>The name of the process in it: a new one for each.</summary>
    public string Name => $"w{number}.{_lives}";

    /// <summary>Where it listens; null while none is up.</summary>
    public Uri? Address => _up?.Address;

    /// <summary>Whether it is up and not frozen: only then it can be disturbed.</summary>
    public bool IsFree => _up is not null && !_frozen && !_killed;

    /// <summary>The last lines of all processes that were in it.</summary>
    public IReadOnlyList<string> LastWords(int lines) => [.. _output.Concat(WordsOf(_up, lines))];

    /// <summary>Returns when the first process is up.</summary>
    public async Task StartAsync()
    {
        await LaunchAsync();
        _life = LiveAsync();
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _killed = true;
        chronicle.Note($"{Name} killed");
        await (_up?.KillAsync() ?? Task.CompletedTask);
    }

    /// <summary>SIGSTOP, and SIGCONT when <paramref name="thaw"/> completes.</summary>
    public async Task FreezeAsync(Task thaw)
    {
        if (_up is not { } process)
        {
            return;
        }

        var name = Name;
        _frozen = true;
        process.Freeze();
        chronicle.Note($"{name} frozen");
        await thaw;
        // Noted first: whatever it does from now on comes after.
        chronicle.Woken(name);
        process.Thaw();
        _frozen = false;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_up is { } process)
        {
            await process.DisposeAsync();
        }

        await _life;
        _stop.Dispose();
    }

    private static IEnumerable<string> WordsOf(ServiceProcess? process, int lines) => process?.Output.Split('\n').TakeLast(lines) ?? [];

    private async Task LiveAsync()
    {
        while (_up is { } process)
        {
            var exitCode = await process.Exited;
            if (_stop.IsCancellationRequested)
            {
                return;
            }

            foreach (var line in (string[])[$"--- {Name}", .. WordsOf(process, 15)])
            {
                _output.Enqueue(line);
            }

            _up = null;
            if (!_killed)
            {
                chronicle.Count("ended by itself");
                chronicle.Note($"{Name} ended by itself with exit code {exitCode}");
            }

            await LaunchAgainAsync();
        }
    }

    private async Task LaunchAgainAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(RestartWait, _stop.Token);
                await LaunchAsync();
                return;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (InvalidOperationException ended)
            {
                chronicle.Count("ended by itself");
                chronicle.Note(ended.Message);
            }
        }
    }

    private async Task LaunchAsync()
    {
        _lives++;
        _killed = false;
        _up = await start(Name);
        if (_stop.IsCancellationRequested)
        {
            await _up.DisposeAsync();
            return;
        }

        chronicle.Note($"{Name} up");
    }
}
