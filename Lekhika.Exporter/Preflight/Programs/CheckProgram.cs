using System.Diagnostics;
using Lekhika.Exporter.Pdf;
using Microsoft.Extensions.Options;

namespace Lekhika.Exporter.Preflight.Programs;

/// <summary>What a program said.</summary>
/// <param name="Output">Of both its streams, as much as is kept.</param>
internal sealed record ProgramAnswer(int ExitCode, string Output);

/// <summary>Runs the machine's programs that check files, with little priority, no environment and a time limit.</summary>
internal sealed class CheckProgram(IOptions<PreflightOptions> options, TimeProvider time)
{
    private const int MostOutput = 8 * 1024 * 1024;

    /// <summary>
    /// What the program says; null when it is not installed, or did not end in time, and then that is told as not checked.
    /// </summary>
    /// <param name="purpose">What goes unchecked without it, as the end of a sentence.</param>
    public async Task<ProgramAnswer?> RunAsync(string program, IEnumerable<string> arguments, string purpose, Findings findings, CancellationToken cancellationToken)
    {
        var name = Path.GetFileNameWithoutExtension(program);
        if (Find(program) is not { } path)
        {
            findings.NotChecked(name, $"{name} is not on this server, so nobody has looked at {purpose}.");
            return null;
        }

        List<string> command = [path, .. arguments];
        if (TypesetterInstallation.FindInPath("nice") is { } nice)
        {
            command = [nice, "-n", "10", .. command];
        }

        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH");
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var process = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.PreflightTimeoutSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            process.StandardInput.Close();
            var streams = await Task.WhenAll(ReadAsync(process.StandardOutput, either.Token), ReadAsync(process.StandardError, either.Token));
            await process.WaitForExitAsync(either.Token);
            return new(process.ExitCode, string.Join('\n', streams));
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            findings.NotChecked(name, $"{name} did not end within {options.Value.PreflightTimeoutSeconds} seconds, so nobody has looked at {purpose}.");
            return null;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private string? Find(string program) => options.Value.PreflightPath is { } folders && !Path.IsPathFullyQualified(program)
        ? folders.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
        : TypesetterInstallation.FindInPath(program);

    /// <summary>The beginning of a stream; the rest is read and dropped, so that the program never waits.</summary>
    private static async Task<string> ReadAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        var kept = new System.Text.StringBuilder();
        var buffer = new char[16 * 1024];
        int read;
        while ((read = await reader.ReadAsync(buffer.AsMemory(), cancellationToken)) > 0)
        {
            kept.Append(buffer, 0, Math.Min(read, MostOutput - kept.Length));
        }

        return kept.ToString();
    }
}
