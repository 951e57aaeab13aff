using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using Lekhika.AppHost.Local.Processes;

namespace Lekhika.Bench.Command;

/// <summary>The whole system, started by <c>./run --no-demo</c> and driven through its ready file.</summary>
internal sealed class RunningSystem : IAsyncDisposable
{
    private readonly ChildProcess _child;

    private readonly JsonElement _processes;

    private RunningSystem(ChildProcess child, TimeSpan ready, HttpClient api, JsonElement told)
    {
        _child = child;
        Ready = ready;
        Api = api;
        UserEngineId = told.GetProperty("userEngineId").GetString()!;
        _processes = told.GetProperty("processIds");
    }

    /// <summary>From the start of the command to the ready file.</summary>
    public TimeSpan Ready { get; }

    /// <summary>With address and key set.</summary>
    public HttpClient Api { get; }

    public string UserEngineId { get; }

    /// <summary>The ids of a service's processes.</summary>
    public IEnumerable<int> Processes(string service) => _processes.GetProperty(service).EnumerateArray().Select(process => process.GetInt32());

    public static async Task<RunningSystem> StartAsync(DataFolder data, CancellationToken cancellationToken, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var readyFile = data["ready.json"];
        File.Delete(readyFile);
        string[] args = ["--no-demo", "--data", data.Path, "--ready-file", readyFile];
        var output = new List<string>();
        var clock = Stopwatch.StartNew();
        var child = await RunCommand.StartAsync(args, output, environment);
        try
        {
            while (!File.Exists(readyFile))
            {
                if (child.Exited.IsCompleted)
                {
                    throw RunCommand.Failed(args, await child.Exited, output);
                }

                await Task.Delay(10, cancellationToken);
            }

            var ready = clock.Elapsed;
            var told = JsonElement.Parse(await File.ReadAllTextAsync(readyFile, cancellationToken));
            var api = new HttpClient { BaseAddress = new Uri(told.GetProperty("api").GetString()!) };
            api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", told.GetProperty("key").GetString());
            return new RunningSystem(child, ready, api, told);
        }
        catch
        {
            await child.StopAsync(Signal.Terminate, TimeSpan.FromSeconds(60));
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await _child.StopAsync(Signal.Terminate, TimeSpan.FromSeconds(60));
    }
}
