using System.Security.Cryptography;
using System.Text.Json;

namespace Lekhika.Run;

/// <summary>Files that hold secrets, or that others wait for: whole or not there at all, and closed to other accounts.</summary>
internal static class PrivateFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task WriteAsync<T>(string path, T content, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        // The mode is given when a file is made, not when it is there already; so its name is one that nobody can have taken beforehand.
        var fresh = $"{path}.{RandomNumberGenerator.GetHexString(16, lowercase: true)}.new";
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        try
        {
            await using (var stream = new FileStream(fresh, options))
            {
                await JsonSerializer.SerializeAsync(stream, content, Json, cancellationToken);
            }

            File.Move(fresh, path, overwrite: true);
        }
        catch
        {
            File.Delete(fresh);
            throw;
        }
    }

    /// <summary>Null when it is not there or is something else.</summary>
    public static async Task<T?> ReadAsync<T>(string path, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            await using var stream = File.OpenRead(path);
            return await JsonSerializer.DeserializeAsync<T>(stream, Json, cancellationToken);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }
}
