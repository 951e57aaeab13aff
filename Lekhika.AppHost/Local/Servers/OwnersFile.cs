using System.Security.Cryptography;

namespace Lekhika.AppHost.Local.Servers;

/// <summary>Files that only their owner can read.</summary>
internal static class OwnersFile
{
    /// <summary>
    /// Replaces the file as a whole. The mode 0600 is given when a file is made and not when one is there already, so the content goes into a
    /// new one, under a name that nobody can have taken beforehand.
    /// </summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var fresh = $"{path}.{RandomNumberGenerator.GetHexString(16, lowercase: true)}.new";
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        try
        {
            using (var stream = new FileStream(fresh, options))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(fresh, path, overwrite: true);
        }
        catch
        {
            File.Delete(fresh);
            throw;
        }
    }
}
