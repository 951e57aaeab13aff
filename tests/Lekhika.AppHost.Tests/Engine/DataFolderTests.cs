using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Lekhika.AppHost.Local.Engine;

namespace Lekhika.AppHost.Tests.Engine;

public sealed class DataFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_second_start_with_the_same_folder_is_refused_in_one_sentence()
    {
        await using var first = new RunningApplication(_folder["data"]);
        first.AddScript("worker", "exec sleep 100");
        await first.Start().WaitAsync("worker", ResourceState.Running);

        await using var second = new RunningApplication(_folder["data"]);
        second.AddScript("worker", "exec sleep 100");
        (await second.Start().Ended).ShouldBe(1);

        second.Error.Trim().ShouldBe(
            $"Another AppHost (process {Environment.ProcessId}) is running with the data folder '{_folder["data"]}'. Stop it, or choose another folder with --Lekhika:DataDirectory=DIR.");
        second.Snapshots("worker").ShouldBeEmpty();
    }

    [Fact]
    public async Task The_folder_is_free_again_after_a_stop()
    {
        for (var run = 1; run <= 2; run++)
        {
            await using var application = new RunningApplication(_folder["data"]);
            application.AddScript("worker", "exec sleep 100");
            await application.Start().WaitAsync("worker", ResourceState.Running);
            (await application.StopAsync()).ShouldBe(0);
        }
    }

    [Fact]
    public async Task A_secret_is_made_once_and_only_its_owner_can_read_it()
    {
        var first = await SecretSeenByAScriptAsync();
        var second = await SecretSeenByAScriptAsync();

        second.ShouldBe(first);
        first.ShouldMatch("^[A-Za-z0-9]{32}$");
        File.GetUnixFileMode(_folder["data/secrets.json"]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task A_configured_parameter_wins_over_a_generated_one() =>
        (await SecretSeenByAScriptAsync("--Parameters:api-password=chosen")).ShouldBe("chosen");

    [Fact]
    public async Task The_state_file_tells_scripts_how_far_every_resource_is()
    {
        await using var application = new RunningApplication(_folder["data"], $"--Lekhika:StateFile={_folder["state.json"]}");
        application.AddScript("worker", "exec sleep 100", port: 0).WithReplicas(2);
        application.AddOnce("once", "exit 7");
        application.Start();
        await application.WaitAsync("worker", ResourceState.Running);
        await application.WaitAsync("once", ResourceState.Exited);

        using var state = JsonDocument.Parse(await File.ReadAllTextAsync(_folder["state.json"]));

        state.RootElement.GetProperty("dataDirectory").GetString().ShouldBe(_folder["data"]);
        var worker = state.RootElement.GetProperty("resources").GetProperty("worker");
        worker.GetProperty("state").GetString().ShouldBe("Running");
        worker.GetProperty("health").GetString().ShouldBe("Healthy");
        worker.GetProperty("pids").EnumerateArray().Select(pid => (int?)pid.GetInt32()).ShouldBe(application.Snapshots("worker").Select(snapshot => snapshot.ProcessId), ignoreOrder: true);
        worker.GetProperty("urls").GetArrayLength().ShouldBe(2);
        worker.GetProperty("urls")[0].GetString().ShouldStartWith("http://127.0.0.1:");
        state.RootElement.GetProperty("resources").GetProperty("once").GetProperty("exitCode").GetInt32().ShouldBe(7);
    }

    private async Task<string> SecretSeenByAScriptAsync(params string[] arguments)
    {
        await using var application = new RunningApplication(_folder["data"], arguments);
        var secret = application.Builder.AddParameter("api-password", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);
        application.AddOnce("script", $"printf %s \"$SECRET\" > {_folder["secret"]}").WithEnvironment("SECRET", secret);
        await application.Start().WaitAsync("script", ResourceState.Finished);
        return await File.ReadAllTextAsync(_folder["secret"]);
    }
}
