using System.Globalization;

namespace Lekhika.AppHost.Local.Servers;

/// <summary>Finds the servers' programs: in the folder <c>LEKHIKA_TOOLS</c> names (Debian packages unpacked there), then on the machine.</summary>
internal static class ServerBinaries
{
    private static readonly string? Tools = Environment.GetEnvironmentVariable("LEKHIKA_TOOLS") is { Length: > 0 } folder ? Path.GetFullPath(folder) : null;

    /// <summary>The folder with <c>initdb</c> and <c>postgres</c>: of the asked major version, or of the newest when null.</summary>
    /// <exception cref="FileNotFoundException">There is none; the message says what to do.</exception>
    public static string PostgresFolder(string? major = null)
    {
        var found = Roots().Select(root => Path.Combine(root, "usr/lib/postgresql"))
            .Where(Directory.Exists)
            .SelectMany(Directory.GetDirectories)
            .Where(folder => File.Exists(Path.Combine(folder, "bin/postgres")) && (major is null || Path.GetFileName(folder) == major))
            .MaxBy(folder => double.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) ? version : 0);
        return found is not null
            ? Path.Combine(found, "bin")
            : throw new FileNotFoundException(
                $"PostgreSQL{(major is null ? "" : $" {major}, which made the data here,")} was not found on this machine. Install it (Debian: apt-get install postgresql{(major is null ? "" : $"-{major}")}), or start with ./run, which does so.");
    }

    /// <exception cref="FileNotFoundException">There is none; the message says what to do.</exception>
    public static string RedisServer() =>
        Roots().Select(root => Path.Combine(root, "usr/bin/redis-server"))
            .Append("/usr/local/bin/redis-server")
            .FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException("redis-server was not found on this machine. Install it (Debian: apt-get install redis-server), or start with ./run, which does so.");

    /// <summary>Unpacked programs find their unpacked libraries by LD_LIBRARY_PATH; empty for programs of the machine.</summary>
    public static IReadOnlyDictionary<string, string?> EnvironmentFor(string program)
    {
        if (Tools is null || !program.StartsWith(Tools + "/", StringComparison.Ordinal))
        {
            return new Dictionary<string, string?>();
        }

        string[] folders = [Path.Combine(Tools, "usr/lib"), Path.Combine(Tools, "lib")];
        var libraries = folders.Where(Directory.Exists)
            .SelectMany(folder => Directory.GetDirectories(folder, "*-linux-gnu*").Append(folder));
        return new Dictionary<string, string?> { ["LD_LIBRARY_PATH"] = string.Join(':', libraries) };
    }

    private static IEnumerable<string> Roots() => Tools is null ? ["/"] : [Tools, "/"];
}
