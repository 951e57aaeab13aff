using Lekhika.AppHost.Local.Processes;
using Lekhika.Core;
using Lekhika.Testing.Processes;

namespace Lekhika.Testing.Limits;

/// <summary>Limited calls in a process of their own; it never outlives the test process.</summary>
public sealed class LimitedCallerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LimitedCall> _calls = new(StringComparer.Ordinal);
    private readonly List<string> _other = [];
    private ChildProcess _child = null!;

    /// <summary>Every call so far.</summary>
    public IReadOnlyList<LimitedCall> Calls
    {
        get
        {
            lock (_gate)
            {
                return [.. _calls.Values];
            }
        }
    }

    /// <summary>Starts one.</summary>
    public static async Task<LimitedCallerProcess> StartAsync(LimitedCalls calls)
    {
        var process = new LimitedCallerProcess();
        process._child = await ChildProcess.StartAsync(new ChildCommand("dotnet", BuiltProgram.Of("Lekhika.Testing"), LimitedCaller.Command, Json.Write(calls)), process.OnLine);
        return process;
    }

    /// <summary>Returns when so many calls have begun.</summary>
    /// <exception cref="TimeoutException">They did not within a minute.</exception>
    public Task BeganAsync(int calls) => Eventually.TrueAsync(() => Task.FromResult(Calls.Count >= calls), $"{calls} calls of a process that says: {string.Join('\n', _other)}", Patience);

    /// <summary>SIGKILL: it ends at once and releases nothing.</summary>
    public Task KillAsync() => _child.StopAsync(Signal.Kill, TimeSpan.FromSeconds(10));

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _child.DisposeAsync();

    private void OnLine(string line)
    {
        lock (_gate)
        {
            switch (line.Split(' '))
            {
                case [LimitedCaller.Began, var id, var at]:
                    _calls[id] = new LimitedCall(long.Parse(at), null);
                    break;
                case [LimitedCaller.Ended, var id, var at]:
                    _calls[id] = _calls[id] with { Until = long.Parse(at) };
                    break;
                default:
                    _other.Add(line);
                    break;
            }
        }
    }
}
