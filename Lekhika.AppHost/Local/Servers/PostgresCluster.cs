using System.Diagnostics;
using Lekhika.AppHost.Local.Processes;

namespace Lekhika.AppHost.Local.Servers;

/// <summary>A cluster's files: made once by initdb, and cleaned of what a killed server left.</summary>
internal static class PostgresCluster
{
    /// <summary>Returns the folder of the programs that fit the cluster.</summary>
    public static async Task<string> PrepareAsync(PostgresOptions options, CancellationToken cancellationToken)
    {
        var versionFile = Path.Combine(options.DataDirectory, "PG_VERSION");
        if (File.Exists(versionFile))
        {
            await EndFormerServerAsync(options.DataDirectory, cancellationToken);
            return ServerBinaries.PostgresFolder((await File.ReadAllTextAsync(versionFile, cancellationToken)).Trim());
        }

        var programs = ServerBinaries.PostgresFolder();
        await InitialiseAsync(programs, options, cancellationToken);
        return programs;
    }

    /// <summary>What pg_ctl looks at: postmaster.pid holds the server's process id in line 1 and its state in line 8 (utils/pidfile.h).</summary>
    public static bool IsReady(string dataDirectory, int processId)
    {
        var file = Path.Combine(dataDirectory, "postmaster.pid");
        try
        {
            return File.ReadAllLines(file) is [var id, _, _, _, _, _, _, var state, ..] && id == $"{processId}" && state.Trim() == "ready";
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Beside its place, then moved: a start that is killed half-way leaves no half cluster.</summary>
    private static async Task InitialiseAsync(string programs, PostgresOptions options, CancellationToken cancellationToken)
    {
        var fresh = options.DataDirectory + ".new";
        if (Directory.Exists(fresh))
        {
            Directory.Delete(fresh, recursive: true);
        }

        await ServerAccount.MakeFolderAsync(fresh, cancellationToken);
        await ServerAccount.MakeFolderAsync(Path.Combine(fresh, "cluster"), cancellationToken);
        var passwordFile = Path.Combine(fresh, "password");
        await File.WriteAllTextAsync(passwordFile, options.Password, cancellationToken);

        var initdb = Path.Combine(programs, "initdb");
        string[] arguments =
        [
            "--pgdata", Path.Combine(fresh, "cluster"), "--username", "postgres", "--pwfile", passwordFile,
            "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-instructions",
            .. options.Settings.GetValueOrDefault("fsync") == "off" ? ["--no-sync"] : Array.Empty<string>(),
        ];
        var (exitCode, output) = await ChildProcess.RunAsync(
            new ChildCommand(initdb, arguments)
            {
                User = ServerAccount.Name,
                WorkingDirectory = fresh,
                InheritsEnvironment = false,
                Environment = ServerBinaries.EnvironmentFor(initdb),
            },
            cancellationToken);
        File.Delete(passwordFile);
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"PostgreSQL could not make its data folder '{options.DataDirectory}':\n{output}");
        }

        Directory.Move(Path.Combine(fresh, "cluster"), options.DataDirectory);
        Directory.Delete(fresh, recursive: true);
    }

    /// <summary>
    /// After a crash of the machine postmaster.pid may name a process that is something else today (in a container soon so), and the new server
    /// would refuse to start; after a kill of the AppHost the former server may still be on its way out.
    /// </summary>
    private static async Task EndFormerServerAsync(string dataDirectory, CancellationToken cancellationToken)
    {
        var pidFile = Path.Combine(dataDirectory, "postmaster.pid");
        if (!File.Exists(pidFile) || !int.TryParse(File.ReadLines(pidFile).FirstOrDefault(), out var processId))
        {
            return;
        }

        var waited = Stopwatch.StartNew();
        while (IsServerOf(dataDirectory, processId))
        {
            Signal.Quit.SendTo(processId);
            if (waited.Elapsed > TimeSpan.FromSeconds(20))
            {
                throw new InvalidOperationException($"Another PostgreSQL server (process {processId}) uses '{dataDirectory}' and does not end. Stop it, then start again.");
            }

            await Task.Delay(50, cancellationToken);
        }

        File.Delete(pidFile);
    }

    private static bool IsServerOf(string dataDirectory, int processId)
    {
        var cwd = new FileInfo($"/proc/{processId}/cwd");
        try
        {
            return cwd.LinkTarget == new DirectoryInfo(dataDirectory).FullName;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
