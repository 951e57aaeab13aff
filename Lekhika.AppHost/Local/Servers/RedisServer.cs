using System.Text;
using Lekhika.AppHost.Local.Processes;

namespace Lekhika.AppHost.Local.Servers;

/// <summary>A Redis server on 127.0.0.1 that ends with this process.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private readonly RedisOptions _options;
    private readonly LastLines _log = new(20);
    private ChildProcess _child = null!;

    private RedisServer(RedisOptions options)
    {
        _options = options;
        Port = options.Port;
    }

    public int Port { get; private set; }

    public int ProcessId => _child.Id;

    /// <summary>Completes when the server has ended, for whatever reason.</summary>
    public Task<int> Exited => _child.Exited;

    /// <summary>In StackExchange.Redis's form.</summary>
    public string ConnectionString => $"127.0.0.1:{Port},password={_options.Password}";

    /// <summary>Returns when the server answers.</summary>
    /// <exception cref="FileNotFoundException">Redis is not on this machine.</exception>
    /// <exception cref="InvalidOperationException">It did not start; the message holds the end of its log.</exception>
    public static async Task<RedisServer> StartAsync(RedisOptions options, CancellationToken cancellationToken)
    {
        var server = new RedisServer(options);
        await server.StartAgainAsync(cancellationToken);
        return server;
    }

    /// <summary>Starts a stopped or killed server anew on the same port.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_options.DataDirectory);
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
                throw new InvalidOperationException($"Redis did not start on port {Port} with '{_options.DataDirectory}'. The end of its log:\n{_log}");
            }

            Port = 0;
        }
    }

    public Task StopAsync() => _child.StopAsync(Signal.Terminate, TimeSpan.FromSeconds(10));

    /// <summary>Ends the server at once, as a crash would.</summary>
    public Task KillAsync() => _child.StopAsync(Signal.Kill, TimeSpan.FromSeconds(10));

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _child.DisposeAsync();
    }

    /// <summary>The password goes into a file of mode 0600, not onto the command line, which every account of the machine can read.</summary>
    private ChildCommand Command()
    {
        var program = ServerBinaries.RedisServer();
        var file = Path.Combine(_options.DataDirectory, "redis.conf");
        var persistence = _options.Persistent ? "appendonly yes\nappendfsync everysec" : "appendonly no";
        OwnersFile.Write(file, Encoding.UTF8.GetBytes(
            $"bind 127.0.0.1\nport {Port}\ndir \"{_options.DataDirectory}\"\nrequirepass {_options.Password}\nsave \"\"\n{persistence}\n"));
        return new ChildCommand(program, file)
        {
            WorkingDirectory = _options.DataDirectory,
            InheritsEnvironment = false,
            Environment = ServerBinaries.EnvironmentFor(program),
        };
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        while (!_child.Exited.IsCompleted)
        {
            // Its own word first: another server on the port would answer a ping just as well.
            if (_log.Contains("Ready to accept connections") && await RedisPing.SucceedsAsync(Port, _options.Password, cancellationToken))
            {
                return true;
            }

            await Task.WhenAny(_child.Exited, Task.Delay(25, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }

        return false;
    }

    private void OnLine(string line)
    {
        _log.Add(line);
        _options.OnLine(line);
    }
}
