using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Lekhika.AppHost.Local.Engine;
using Lekhika.AppHost.Local.Processes;

namespace Lekhika.AppHost.Tests.Engine;

/// <summary>The local engine in this process, with shell scripts in the place of projects.</summary>
internal sealed class RunningApplication : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private LocalEngine _engine = null!;

    public RunningApplication(string dataDirectory, params string[] arguments) =>
        Builder = new LocalBuilder([$"--Lekhika:DataDirectory={dataDirectory}", .. arguments]);

    public static CancellationToken Soon => new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;

    public LocalBuilder Builder { get; }

    public Task<int> Ended { get; private set; } = Task.FromResult(0);

    public string Output => Read(_output);

    public string Error => Read(_error);

    public IResourceBuilder<ProjectResource> AddScript(string name, string script, int? port = null)
    {
        var project = Builder.AddResource(new ProjectResource(name)).With(new CommandAnnotation(new ChildCommand("sh", "-c", script)));
        return port is null ? project : project.WithEndpoint("http", endpoint => endpoint.Port = port == 0 ? null : port);
    }

    /// <summary>A script that is meant to end: somebody waits for that.</summary>
    public IResourceBuilder<ProjectResource> AddOnce(string name, string script)
    {
        var once = AddScript(name, script);
        AddScript($"{name}-after", "exec sleep 100").WaitForCompletion(once);
        return once;
    }

    public RunningApplication Start()
    {
        _engine = Builder.BuildEngine(TextWriter.Synchronized(_output), TextWriter.Synchronized(_error));
        Ended = _engine.RunAsync(_stop.Token);
        return this;
    }

    public async Task<ResourceSnapshot> WaitAsync(string resource, Func<ResourceSnapshot, bool> condition) =>
        (await _engine.Board.WaitAsync(resource, all => all.All(condition), Soon))[0];

    public Task<ResourceSnapshot> WaitAsync(string resource, ResourceState state) => WaitAsync(resource, snapshot => snapshot.State == state);

    public IReadOnlyList<ResourceSnapshot> Snapshots(string resource) =>
        [.. _engine.Board.Read().Where(entry => entry.Instance.Resource == resource).Select(entry => entry.Snapshot)];

    public async Task<int> StopAsync()
    {
        await _stop.CancelAsync();
        return await Ended;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private static string Read(StringWriter writer)
    {
        lock (writer)
        {
            return writer.ToString();
        }
    }
}
