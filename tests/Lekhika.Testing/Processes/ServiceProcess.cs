using System.Diagnostics;
using Lekhika.AppHost.Local.Processes;

namespace Lekhika.Testing.Processes;

/// <summary>A shipped service as a process of its own, for tests that kill, freeze or restart it. It never outlives the test process.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);
    private static readonly HttpClient Http = new();

    private readonly List<string> _lines = [];
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _project;
    private ChildProcess _child = null!;

    private ServiceProcess(string project) => _project = project;

    /// <summary>The process id.</summary>
    public int Id => _child.Id;

    /// <summary>Where it listens: a free port of 127.0.0.1.</summary>
    public Uri Address => _address.Task.Result;

    /// <summary>Completes with the exit code; 128 + n when signal n ended it.</summary>
    public Task<int> Exited => _child.Exited;

    /// <summary>All it has written so far.</summary>
    public string Output
    {
        get
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    /// <summary>Starts the built program of a project (<c>Lekhika.Worker</c>) and returns when its <c>/alive</c> answers.</summary>
    /// <param name="project">The project's name.</param>
    /// <param name="environment">Settings as environment variables, such as <c>ConnectionStrings__lekhika</c>.</param>
    /// <exception cref="InvalidOperationException">It ended, or was not alive within 30 seconds; the message has its output.</exception>
    public static async Task<ServiceProcess> StartAsync(string project, IReadOnlyDictionary<string, string?> environment)
    {
        var program = BuiltProgram.Of(project);
        var service = new ServiceProcess(project);
        service._child = await ChildProcess.StartAsync(
            new ChildCommand("dotnet", program)
            {
                WorkingDirectory = Path.GetDirectoryName(program),
                Environment = new Dictionary<string, string?>(environment, StringComparer.Ordinal)
                {
                    ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                    // The line with the port that it was given.
                    ["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information",
                },
            },
            service.OnLine);
        await service.AliveAsync();
        return service;
    }

    /// <summary>SIGKILL: it ends at once, without a word to anybody.</summary>
    public Task KillAsync() => _child.StopAsync(Signal.Kill, TimeSpan.FromSeconds(10));

    /// <summary>SIGTERM, as a deployment does; returns the exit code (137 when it had to be killed after the grace).</summary>
    public Task<int> StopAsync(TimeSpan? grace = null) => _child.StopAsync(Signal.Terminate, grace ?? TimeSpan.FromSeconds(30));

    /// <summary>SIGSTOP: it stands still until <see cref="Thaw"/>, its connections open.</summary>
    public void Freeze() => _child.Send(Signal.Stop);

    /// <summary>SIGCONT.</summary>
    public void Thaw() => _child.Send(Signal.Continue);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _child.DisposeAsync();

    private async Task AliveAsync()
    {
        var waited = Stopwatch.StartNew();
        try
        {
            var first = await Task.WhenAny(_address.Task, _child.Exited).WaitAsync(StartPatience);
            while (first == _address.Task && waited.Elapsed < StartPatience && !_child.Exited.IsCompleted)
            {
                if (await IsAliveAsync())
                {
                    return;
                }

                await Task.Delay(20);
            }
        }
        catch (TimeoutException)
        {
            // Told below.
        }

        var end = _child.Exited.IsCompleted ? $"ended with exit code {await _child.Exited}" : "was not alive within 30 s";
        await DisposeAsync();
        throw new InvalidOperationException($"{_project} {end}. Its output:\n{Output}");
    }

    private async Task<bool> IsAliveAsync()
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri(Address, "/alive"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void OnLine(string line)
    {
        lock (_lines)
        {
            _lines.Add(line);
        }

        if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
        {
            _address.TrySetResult(new Uri(line[(at + Listening.Length)..].Trim()));
        }
    }
}
