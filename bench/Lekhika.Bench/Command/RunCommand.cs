using System.Diagnostics;
using Lekhika.AppHost.Local.Processes;

namespace Lekhika.Bench.Command;

/// <summary><c>./run</c> as a user starts it; it never outlives the bench.</summary>
internal static class RunCommand
{
    public static string Root { get; } = FindRoot();

    /// <summary>Runs it to its end and returns how long that took.</summary>
    /// <exception cref="BenchFailedException">Its exit code was not 0; the message has its output.</exception>
    public static async Task<TimeSpan> TimeAsync(IReadOnlyList<string> args, CancellationToken cancellationToken)
    {
        var output = new List<string>();
        var clock = Stopwatch.StartNew();
        await using var child = await StartAsync(args, output);
        var exitCode = await child.Exited.WaitAsync(cancellationToken);
        return exitCode == 0 ? clock.Elapsed : throw Failed(args, exitCode, output);
    }

    public static Task<ChildProcess> StartAsync(IReadOnlyList<string> args, List<string> output, IReadOnlyDictionary<string, string?>? environment = null) =>
        ChildProcess.StartAsync(
            new ChildCommand(Path.Combine(Root, "run"), args) { WorkingDirectory = Root, DeathSignal = Signal.Terminate, Environment = environment ?? new Dictionary<string, string?>(StringComparer.Ordinal) },
            line =>
            {
                lock (output)
                {
                    output.Add(line);
                }
            });

    public static BenchFailedException Failed(IReadOnlyList<string> args, int exitCode, List<string> output)
    {
        lock (output)
        {
            return new($"./run {string.Join(' ', args)} ended with exit code {exitCode}:\n{string.Join('\n', output)}");
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Lekhika.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new BenchFailedException("Lekhika.sln was not found: start with bench/run in the repository.");
    }
}
