using System.Diagnostics;

namespace Lekhika.Testing.Servers;

/// <summary>A folder below the machine's temporary one that a database server's account may enter; gone at dispose.</summary>
public sealed class TestFolder : IDisposable
{
    private const string Prefix = "lekhika-test-";

    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private TestFolder(string path) => Path = path;

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>The full path of something inside.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Makes one, and removes those that killed test processes have left.</summary>
    public static TestFolder Create(string purpose)
    {
        foreach (var folder in Directory.GetDirectories(System.IO.Path.GetTempPath(), Prefix + "*").Where(IsLeft))
        {
            TryDelete(folder);
        }

        var path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"{Prefix}{Environment.ProcessId}-{purpose}-{Guid.NewGuid().ToString("N")[..8]}");
        Directory.CreateDirectory(path);
        // Set apart from the making: a strict umask would close it to the server's account.
        File.SetUnixFileMode(path, Mode);
        return new TestFolder(path);
    }

    /// <inheritdoc />
    public void Dispose() => TryDelete(Path);

    private static bool IsLeft(string folder)
    {
        if (!int.TryParse(System.IO.Path.GetFileName(folder)[Prefix.Length..].Split('-')[0], out var processId))
        {
            return false;
        }

        try
        {
            using var owner = Process.GetProcessById(processId);
            return owner.HasExited;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }

    private static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Another process was quicker, or it belongs to somebody else; temporary folders are also cleaned by the system.
        }
    }
}
