using System.Diagnostics;
using Lekhika.Exporter.Pdf;

namespace Lekhika.Exporter.Children;

/// <summary>
/// A Node child that answers one line to one line. It has no environment but PATH, an address space of its own size, and an empty
/// folder to work in. It ends when its stdin closes, so also when this process dies.
/// </summary>
internal sealed class NodeChild : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private readonly Task<string> _complaints;

    private NodeChild(Process process, DirectoryInfo folder)
    {
        (_process, _folder) = (process, folder);
        _complaints = LastLinesAsync(process.StandardError);
    }

    /// <summary>The operating system's number for the child.</summary>
    public int Id => _process.Id;

    /// <summary>Starts a script.</summary>
    /// <param name="addressSpace">In bytes; where there is no prlimit (Linux), without a limit.</param>
    /// <param name="options">Node's own.</param>
    public static NodeChild Start(string node, string script, long addressSpace, params IReadOnlyList<string> options)
    {
        var folder = Directory.CreateTempSubdirectory("lekhika-node-");
        List<string> command = [node, .. options, script];
        if (OperatingSystem.IsLinux() && TypesetterInstallation.FindInPath("prlimit") is { } prlimit)
        {
            command = [prlimit, $"--as={addressSpace}", "--core=0", .. command];
        }

        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.FullName,
            UseShellExecute = false,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH");
        return new NodeChild(Process.Start(start)!, folder);
    }

    /// <summary>The answer's line to a line of UTF-8. Throws <see cref="IOException"/> when the child ended before it answered.</summary>
    public async Task<string> AskAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        var stdin = _process.StandardInput.BaseStream;
        await stdin.WriteAsync(line, cancellationToken);
        await stdin.WriteAsync("\n"u8.ToArray(), cancellationToken);
        await stdin.FlushAsync(cancellationToken);
        return await _process.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new IOException($"the child ended with {await ExitAsync()}");
    }

    /// <summary>Kills the child if it lives; its memory and its folder are gone afterwards.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<string> ExitAsync()
    {
        await _process.WaitForExitAsync();
        return $"exit code {_process.ExitCode}. {await _complaints}".TrimEnd();
    }

    /// <summary>Drains stderr, so that the child never blocks on it, and keeps its last few lines.</summary>
    private static async Task<string> LastLinesAsync(StreamReader reader)
    {
        var last = new Queue<string>();
        while (await reader.ReadLineAsync() is { } line)
        {
            last.Enqueue(line[..Math.Min(line.Length, 300)]);
            if (last.Count > 6)
            {
                last.Dequeue();
            }
        }

        return string.Join(' ', last);
    }
}
