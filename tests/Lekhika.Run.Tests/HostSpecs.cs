using Lekhika.Run.Host;
using Lekhika.Testing.Servers;

namespace Lekhika.Run.Tests;

public sealed class HostSpecs : IDisposable
{
    private readonly TestFolder _folder = TestFolder.Create("log");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Warnings_and_errors_are_told_and_the_rest_is_only_kept()
    {
        var told = new List<Notice>();
        using (var log = new ServiceLog(_folder.Path, TimeProvider.System, _ => { }, told.Add))
        {
            log.Add("Distributed application starting.");
            log.Add("worker    | info: Lekhika.Worker[0]");
            log.Add("worker    |       A run began.");
            log.Add("worker    | fail: Lekhika.Worker[0]");
            log.Add("api       | warn: Kestrel[0]");
            log.Add("worker    |       The model is away.");
            log.Add("api       |       Slow disk.");
            log.Add("exporter  | [Exited, exit code 134]");
            log.KeepQuiet();
            log.Add("worker    | [Exited, exit code 143]");
        }

        told.ShouldBe(
        [
            new Notice("worker", IsError: true, "The model is away."),
            new Notice("api", IsError: false, "Slow disk."),
            new Notice("exporter", IsError: true, "Exited, exit code 134"),
        ]);
        File.ReadAllLines(Directory.GetFiles(_folder.Path).ShouldHaveSingleItem()).Length.ShouldBe(9);
    }

    [Fact]
    public void Ten_logs_are_kept()
    {
        for (var i = 0; i < 14; i++)
        {
            File.WriteAllText(_folder[$"20200101-0000{i:00}-1.log"], "");
        }

        using var log = new ServiceLog(_folder.Path, TimeProvider.System, _ => { }, _ => { });

        Directory.GetFiles(_folder.Path).Length.ShouldBe(10);
        File.Exists(_folder["20200101-000013-1.log"]).ShouldBeTrue();
    }

    [Theory]
    [InlineData("Running", "Healthy", null, "Finished", 0, true)]
    [InlineData("Running", "Unhealthy", null, "Finished", 0, false)]
    [InlineData("Starting", null, null, "Finished", 0, false)]
    [InlineData("Running", "Healthy", null, "Exited", 1, false)]
    public void The_system_is_ready_when_each_resource_is_healthy_or_has_done_its_work(
        string api, string? health, int? apiCode, string migrator, int? migratorCode, bool ready) =>
        new AppHostState(true, "/data", 1, new Dictionary<string, ResourceState>
        {
            ["api"] = new(api, health, [7], ["http://127.0.0.1:5180"], apiCode),
            ["migrator"] = new(migrator, null, [], [], migratorCode),
        }).IsReady.ShouldBe(ready);

    [Fact]
    public void The_state_file_is_read_as_the_AppHost_writes_it()
    {
        File.WriteAllText(_folder["state.json"], """
            { "started": true, "dataDirectory": "/data", "processId": 41,
              "resources": { "api": { "state": "Running", "health": "Healthy", "pids": [42], "urls": ["http://127.0.0.1:5180"], "exitCode": null } } }
            """);

        var state = AppHostState.Read(_folder["state.json"]).ShouldNotBeNull();
        var ready = ReadyFile.Of(state, state.Api!, "LEKH-1", "book-copy");

        ready.Api.ShouldBe("http://127.0.0.1:5180");
        ready.ProcessIds["api"].ShouldBe([42]);
        ready.ProcessIds["apphost"].ShouldBe([41]);
    }
}
