using System.Collections.Concurrent;
using System.Text.Json;
using Lekhika.AppHost.Local.Processes;
using Lekhika.Testing.Processes;
using Npgsql;

namespace Lekhika.AppHost.Tests.Whole;

/// <summary>The shipped AppHost with the shipped services, as a process of its own.</summary>
internal sealed class AppHostProcess : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly ConcurrentQueue<string> _lines;
    private readonly ChildProcess _child;

    private AppHostProcess(TemporaryFolder folder, ConcurrentQueue<string> lines, ChildProcess child)
    {
        _folder = folder;
        _lines = lines;
        _child = child;
    }

    public Task<int> Exited => _child.Exited.WaitAsync(TimeSpan.FromMinutes(2));

    public string Output => string.Join('\n', _lines);

    public string DataDirectory => _folder["data"];

    public static async Task<AppHostProcess> StartAsync(TemporaryFolder folder, params string[] arguments)
    {
        File.Delete(folder["state.json"]);
        var lines = new ConcurrentQueue<string>();
        var child = await ChildProcess.StartAsync(
            new ChildCommand("dotnet", [BuiltProgram.Of("Lekhika.AppHost"), $"--Lekhika:DataDirectory={folder["data"]}", $"--Lekhika:StateFile={folder["state.json"]}", .. arguments]),
            lines.Enqueue);
        return new AppHostProcess(folder, lines, child);
    }

    /// <summary>Waits until the AppHost says so, and the services answer their health checks.</summary>
    public async Task<AppHostProcess> ReadyAsync()
    {
        await UntilAsync(state => state.GetProperty("started").GetBoolean()
            && new[] { "api", "worker", "exporter" }.All(name => Resource(state, name).GetProperty("health").GetString() == "Healthy"));
        return this;
    }

    public async Task<JsonElement> UntilAsync(Func<JsonElement, bool> condition)
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            if (File.Exists(_folder["state.json"]))
            {
                var state = JsonElement.Parse(await File.ReadAllTextAsync(_folder["state.json"], soon.Token));
                if (condition(state))
                {
                    return state;
                }
            }

            try
            {
                await Task.Delay(50, soon.Token);
            }
            catch (OperationCanceledException error)
            {
                throw new TimeoutException($"The AppHost did not come that far. It wrote:\n{Output}", error);
            }
        }
    }

    public static JsonElement Resource(JsonElement state, string name) => state.GetProperty("resources").GetProperty(name);

    public async Task<JsonElement> ResourceAsync(string name) => Resource(await UntilAsync(_ => true), name);

    /// <summary>As the administrator, or as a service's role with the password that the AppHost gave it.</summary>
    public async Task<NpgsqlConnection> ConnectAsync(string role = "postgres")
    {
        var secrets = JsonElement.Parse(await File.ReadAllTextAsync(_folder["data/secrets.json"]));
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = new Uri((await ResourceAsync("postgres")).GetProperty("urls")[0].GetString()!).Port,
            Username = role,
            Password = secrets.GetProperty($"{role.Replace("lekhika_", "", StringComparison.Ordinal)}-password").GetString(),
            Database = "lekhika",
            Pooling = false,
        }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>The process ids of all that descend from the AppHost at this moment.</summary>
    public IReadOnlyList<int> Descendants()
    {
        var parents = Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!))
            .Select(id => (Id: id, Parent: ParentOf(id))).ToLookup(pair => pair.Parent, pair => pair.Id);
        var found = new List<int> { _child.Id };
        for (var index = 0; index < found.Count; index++)
        {
            found.AddRange(parents[found[index]]);
        }

        return [.. found.Skip(1)];
    }

    public void Send(Signal signal) => _child.Send(signal);

    public async ValueTask DisposeAsync()
    {
        await _child.StopAsync(Signal.Terminate, TimeSpan.FromSeconds(30));
        await _child.DisposeAsync();
    }

    private static int ParentOf(int processId)
    {
        try
        {
            return int.Parse(File.ReadAllText($"/proc/{processId}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
