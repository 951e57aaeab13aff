using System.Security.Cryptography;

namespace Lekhika.Persistence.Secrets;

/// <summary>A master key in a file that is its owner's alone; whichever process comes first makes it.</summary>
internal static class MasterKeyFile
{
    private const UnixFileMode OwnersAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <exception cref="InvalidOperationException">Others may read it, or it cannot be read or made.</exception>
    public static string ReadOrMake(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                Make(path);
            }

            using var file = File.OpenHandle(path);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & ~(OwnersAlone | UnixFileMode.UserExecute)) != UnixFileMode.None)
            {
                throw new InvalidOperationException($"Others than its owner may read or change the file {path}, which {MasterKeys.FileSetting} names: chmod 600 it.");
            }

            using var reader = new StreamReader(new FileStream(file, FileAccess.Read));
            return reader.ReadToEnd();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"The file {path}, which {MasterKeys.FileSetting} names, can neither be read nor made: {error.Message}", error);
        }
    }

    /// <summary>Whole under its name or not there: a move that does not overwrite lets the first of several win.</summary>
    private static void Make(string path)
    {
        var draft = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnersAlone;
        }

        try
        {
            using (var stream = new FileStream(draft, options))
            {
                stream.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))));
                stream.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was first; its key is the one.
        }
        finally
        {
            File.Delete(draft);
        }
    }
}
