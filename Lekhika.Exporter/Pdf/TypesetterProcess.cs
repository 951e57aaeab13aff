using System.Diagnostics;
using System.Text.Json;

namespace Lekhika.Exporter.Pdf;

/// <summary>
/// One Node child that sets books, one at a time: an order is a line of JSON on its stdin, the answer a line on its stdout.
/// It has no environment but PATH, an address space of its own size, and an empty folder as Typst's root. It ends when its
/// stdin closes, so also when this process dies.
/// </summary>
internal sealed class TypesetterProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _root;
    private readonly Task<string> _complaints;

    private TypesetterProcess(Process process, DirectoryInfo root)
    {
        (_process, _root) = (process, root);
        _complaints = LastLinesAsync(_process.StandardError);
    }

    /// <summary>The operating system's number for the child.</summary>
    public int Id => _process.Id;

    /// <summary>Starts a child. Throws <see cref="Rendering.RenderException"/> when something it needs is not installed.</summary>
    public static TypesetterProcess Start(TypesetterInstallation installation, TypesetterOptions options)
    {
        var node = installation.FindNode();
        var empty = Directory.CreateTempSubdirectory("lekhika-typesetter-");
        List<string> command = [node, installation.Script, empty.FullName];
        if (OperatingSystem.IsLinux() && TypesetterInstallation.FindInPath("prlimit") is { } prlimit)
        {
            command = [prlimit, $"--as={options.TypesetterAddressSpaceMiB * 1024L * 1024L}", "--core=0", .. command];
        }

        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = empty.FullName,
            UseShellExecute = false,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH");
        return new TypesetterProcess(Process.Start(start)!, empty);
    }

    /// <summary>Sets one book. Throws <see cref="IOException"/> when the child ended before it answered.</summary>
    public async Task<TypesetAnswer> SetAsync(ReadOnlyMemory<byte> order, CancellationToken cancellationToken)
    {
        await _process.StandardInput.BaseStream.WriteAsync(order, cancellationToken);
        await _process.StandardInput.BaseStream.WriteAsync("\n"u8.ToArray(), cancellationToken);
        await _process.StandardInput.BaseStream.FlushAsync(cancellationToken);
        return await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line
            ? JsonSerializer.Deserialize<TypesetAnswer>(line, JsonSerializerOptions.Web)!
            : throw new IOException($"the child ended with {await ExitAsync()}");
    }

    /// <summary>Kills the child if it lives; its memory and its root folder are gone afterwards.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        _root.Delete(recursive: true);
    }

    private async Task<string> ExitAsync()
    {
        await _process.WaitForExitAsync();
        return $"exit code {_process.ExitCode}. {await _complaints}".TrimEnd();
    }

    /// <summary>Drains stderr, so that the child never blocks on it, and keeps its last few lines for the error's sentence.</summary>
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

/// <summary>What the child answers: a PDF or an error.</summary>
/// <param name="Folios">The printed page number on which each chapter opens.</param>
/// <param name="Notes">What could not be done as asked, in sentences for people.</param>
/// <param name="Memory">The child's resident bytes after the book.</param>
internal sealed record TypesetAnswer(string Id, byte[]? Pdf, int Pages, IReadOnlyList<int>? Folios, IReadOnlyList<string>? Notes, string? Error, long Memory);
