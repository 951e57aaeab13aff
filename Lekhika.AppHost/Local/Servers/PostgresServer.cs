using System.Net.Sockets;
using Lekhika.AppHost.Local.Processes;
using Npgsql;

namespace Lekhika.AppHost.Local.Servers;

/// <summary>A PostgreSQL server on 127.0.0.1 that ends with this process.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private static readonly (string Name, string Value)[] DurableDefaults =
    [
        ("listen_addresses", "127.0.0.1"),
        ("unix_socket_directories", ""),
        ("max_connections", "200"),
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("timezone", "GMT"),
        ("log_timezone", "GMT"),
    ];

    private readonly PostgresOptions _options;
    private readonly string _programs;
    private readonly LastLines _log = new(20);
    private ChildProcess _child = null!;

    private PostgresServer(PostgresOptions options, string programs)
    {
        _options = options;
        _programs = programs;
        Port = options.Port;
    }

    public int Port { get; private set; }

    public int ProcessId => _child.Id;

    /// <summary>Completes when the server has ended, for whatever reason.</summary>
    public Task<int> Exited => _child.Exited;

    /// <summary>The superuser's, to the database <c>postgres</c>; no connection is kept open behind it.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = "postgres",
        Password = _options.Password,
        Database = "postgres",
        Pooling = false,
    }.ConnectionString;

    /// <summary>Returns when the server answers queries.</summary>
    /// <exception cref="FileNotFoundException">PostgreSQL is not on this machine.</exception>
    /// <exception cref="InvalidOperationException">It did not start; the message holds the end of its log.</exception>
    public static async Task<PostgresServer> StartAsync(PostgresOptions options, CancellationToken cancellationToken)
    {
        var server = new PostgresServer(options, await PostgresCluster.PrepareAsync(options, cancellationToken));
        await server.StartAgainAsync(cancellationToken);
        return server;
    }

    /// <summary>Starts a stopped or killed server anew on the same port.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            Port = Port == 0 ? FreePort.Any() : Port;
            _log.Clear();
            _child = await ChildProcess.StartAsync(Command(), OnLine);
            try
            {
                if (await AnswersAsync(cancellationToken))
                {
                    return;
                }
            }
            catch
            {
                await DisposeAsync();
                throw;
            }

            if (_options.Port != 0 || attempt == 5 || !_log.Contains("Address already in use"))
            {
                throw new InvalidOperationException($"PostgreSQL did not start on port {Port} with '{_options.DataDirectory}'. The end of its log:\n{_log}");
            }

            Port = 0;
        }
    }

    /// <summary>Fast shutdown: open transactions are rolled back, everything is written.</summary>
    public Task StopAsync() => _child.StopAsync(Signal.Interrupt, TimeSpan.FromSeconds(30));

    /// <summary>Ends the server at once, as a crash would: the next start recovers from the log.</summary>
    public Task KillAsync() => _child.StopAsync(Signal.Quit, TimeSpan.FromSeconds(10));

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _child.DisposeAsync();
    }

    private ChildCommand Command()
    {
        var program = Path.Combine(_programs, "postgres");
        var settings = DurableDefaults.Concat(_options.Settings.Select(setting => (setting.Key, setting.Value)));
        return new ChildCommand(program, ["-D", _options.DataDirectory, "-p", $"{Port}", .. settings.SelectMany(setting => new[] { "-c", $"{setting.Item1}={setting.Item2}" })])
        {
            User = ServerAccount.Name,
            WorkingDirectory = _options.DataDirectory,
            InheritsEnvironment = false,
            Environment = ServerBinaries.EnvironmentFor(program),
            // Immediate shutdown: ends the backends too, which a killed postmaster would leave to notice by themselves.
            DeathSignal = Signal.Quit,
        };
    }

    private void OnLine(string line)
    {
        _log.Add(line);
        _options.OnLine(line);
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        while (!_child.Exited.IsCompleted)
        {
            // Its own word first: another server on the port would answer just as well.
            if (!PostgresCluster.IsReady(_options.DataDirectory, ProcessId))
            {
                await Task.WhenAny(_child.Exited, Task.Delay(25, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
                continue;
            }

            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString);
                await connection.OpenAsync(cancellationToken);
                return true;
            }
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.InvalidPassword)
            {
                throw new InvalidOperationException(
                    $"PostgreSQL refuses the administrator's password: the data in '{_options.DataDirectory}' was made with another one. Bring that password back, or choose another data folder.", error);
            }
            catch (Exception error) when (error is NpgsqlException or SocketException)
            {
                await Task.WhenAny(_child.Exited, Task.Delay(25, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        return false;
    }
}
