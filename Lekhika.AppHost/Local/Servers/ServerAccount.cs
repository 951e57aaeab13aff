using Lekhika.AppHost.Local.Processes;

namespace Lekhika.AppHost.Local.Servers;

/// <summary>The account a database server runs as. PostgreSQL refuses root, so root lends it an ordinary account.</summary>
internal static class ServerAccount
{
    /// <summary>Null when this process is not root: then the server runs as we do.</summary>
    public static string? Name { get; } = Environment.IsPrivilegedProcess ? Existing("postgres") ?? "nobody" : null;

    /// <summary>Makes a folder that the server's account owns and nobody else may enter.</summary>
    public static async Task MakeFolderAsync(string path, CancellationToken cancellationToken)
    {
        if (Name is null)
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var (exitCode, output) = await ChildProcess.RunAsync(new ChildCommand("install", "-d", "-m", "0700", "-o", Name, path), cancellationToken);
        if (exitCode != 0)
        {
            throw new IOException($"The folder '{path}' could not be made for the account '{Name}': {output}");
        }
    }

    /// <summary>
    /// Where a server's folder named <paramref name="name"/> of a data folder lives: in the data folder, unless the server's account cannot
    /// enter that (root's home); then below /var/lib/lekhika, and a link in the data folder says where. The link decides, so that a data folder
    /// which was deleted, or moved, never meets another one's cluster.
    /// </summary>
    public static string FolderFor(string dataDirectory, string name)
    {
        var inside = Path.Combine(dataDirectory, name);
        if (new DirectoryInfo(inside) is { LinkTarget: { } target })
        {
            return target;
        }

        return Name is null || Directory.Exists(inside) || CanBeEntered(dataDirectory) ? inside : LinkOutside(dataDirectory, inside, name);
    }

    private static string LinkOutside(string dataDirectory, string inside, string name)
    {
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(dataDirectory)))[..12];
        var candidates = Enumerable.Range(1, int.MaxValue).Select(n => n == 1 ? $"/var/lib/lekhika/{hash}/{name}" : $"/var/lib/lekhika/{hash}-{n}/{name}");
        var outside = candidates.First(path => !Directory.Exists(path));
        Directory.CreateSymbolicLink(inside, outside);
        return outside;
    }

    private static bool CanBeEntered(string path)
    {
        for (var folder = new DirectoryInfo(path); folder is not null; folder = folder.Parent)
        {
            if (folder.Exists && !folder.UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
            {
                return false;
            }
        }

        return true;
    }

    private static string? Existing(string account) =>
        File.ReadLines("/etc/passwd").Any(line => line.StartsWith(account + ":", StringComparison.Ordinal)) ? account : null;
}
