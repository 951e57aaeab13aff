using Lekhika.AppHost.Local.Processes;
using Lekhika.Testing.Processes;

namespace Lekhika.Testing.Simulated;

/// <summary>The simulated model, started for a test; it never outlives the test process.</summary>
public sealed class SimulatedModelProcess : IAsyncDisposable
{
    private readonly ChildProcess _child;
    private readonly string _log;

    private SimulatedModelProcess(ChildProcess child, string log, Uri address)
    {
        _child = child;
        _log = log;
        Address = address;
    }

    /// <summary>Where it speaks OpenAI's chat completions (<c>http://127.0.0.1:N/v1</c>).</summary>
    public Uri Address { get; }

    /// <summary>Every request so far.</summary>
    public IReadOnlyList<LoggedRequest> Requests => ModelLog.Read(_log);

    /// <summary>Starts it with a log of its own and returns when it listens.</summary>
    /// <param name="delay">Says the same short text after it to everybody; null: writes books.</param>
    /// <exception cref="InvalidOperationException">It ended instead.</exception>
    public static async Task<SimulatedModelProcess> StartAsync(string log, TimeSpan? delay = null)
    {
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var lines = new List<string>();
        string[] fixedDelay = delay is { } span ? ["--delay", $"{span.TotalMilliseconds:F0}"] : [];
        var child = await ChildProcess.StartAsync(new ChildCommand("dotnet", [BuiltProgram.Of("Lekhika.Testing"), SimulatedModel.Command, "--log", log, .. fixedDelay]), line =>
        {
            lines.Add(line);
            if (line.StartsWith(SimulatedModel.Listening, StringComparison.Ordinal))
            {
                address.TrySetResult(new Uri(line[SimulatedModel.Listening.Length..]));
            }
        });
        if (await Task.WhenAny(address.Task, child.Exited).WaitAsync(TimeSpan.FromSeconds(30)) != address.Task)
        {
            throw new InvalidOperationException($"The simulated model did not start:\n{string.Join('\n', lines)}");
        }

        return new SimulatedModelProcess(child, log, await address.Task);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _child.DisposeAsync();
}
