using System.Security.Cryptography;

namespace Lekhika.Persistence.Secrets;

/// <summary>A master key in a file that is its owner's alone; whichever process comes first makes it.</summary>
internal static class MasterKeyFile
{
    private const UnixFileMode OwnersAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(10);

    /// <exception cref="InvalidOperationException">Others may read it, or it cannot be read or made.</exception>
    public static string ReadOrMake(string path)
    {
        var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (true)
        {
            try
            {
                using var file = Open(path);
                Check(file, path);
                return file.CanWrite && file.Length == 0 ? Make(file) : Read(file);
            }
            catch (IOException error) when (File.Exists(path) && Environment.TickCount64 < deadline && error is not FileNotFoundException)
            {
                // Another process has it at this moment, to make it.
                Thread.Sleep(BetweenTries);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new InvalidOperationException($"The file {path}, which {MasterKeys.FileSetting} names, can neither be read nor made: {error.Message}", error);
            }
        }
    }

    /// <summary>For reading beside others when there is something in it, else for writing alone: the lock (flock) is the system's, and a crash ends it.</summary>
    private static FileStream Open(string path)
    {
        var info = new FileInfo(path);
        if (info is { Exists: true, Length: > 0 })
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }

        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnersAlone;
        }

        return new FileStream(path, options);
    }

    private static void Check(FileStream file, string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & ~(OwnersAlone | UnixFileMode.UserExecute)) != UnixFileMode.None)
        {
            throw new InvalidOperationException($"Others than its owner may read or change the file {path}, which {MasterKeys.FileSetting} names: chmod 600 it.");
        }
    }

    private static string Make(FileStream file)
    {
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        file.Write(System.Text.Encoding.ASCII.GetBytes(key));
        file.Flush(flushToDisk: true);
        return key;
    }

    private static string Read(FileStream file)
    {
        using var reader = new StreamReader(file, leaveOpen: true);
        return reader.ReadToEnd();
    }
}
