using Lekhika.AppHost.Local.Processes;
using Lekhika.AppHost.Tests.Processes;
using Npgsql;

namespace Lekhika.AppHost.Tests.Whole;

public sealed class EndTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_kill_leaves_no_process_behind_the_next_start_finds_the_data_and_SIGTERM_ends_it_cleanly()
    {
        await using (var killed = await AppHostProcess.StartAsync(_folder))
        {
            await killed.ReadyAsync();
            await ExecuteAsync(killed, "create table kept (title text); insert into kept values ('Rain')");
            var descendants = killed.Descendants();
            descendants.Count.ShouldBeGreaterThan(5);

            killed.Send(Signal.Kill);

            (await killed.Exited).ShouldBe(137);
            await Task.WhenAll(descendants.Select(Life.EndsAsync));
        }

        await using var again = await AppHostProcess.StartAsync(_folder);
        await again.ReadyAsync();
        (await ExecuteAsync(again, "select title from kept")).ShouldBe("Rain");
        var remaining = again.Descendants();

        // As timeout(1) does: to the process, and once more to its group.
        again.Send(Signal.Terminate);
        await Task.Delay(100);
        again.Send(Signal.Terminate);

        (await again.Exited).ShouldBe(0);
        remaining.Where(Life.Of).ShouldBeEmpty();
        again.Output.ShouldEndWith("Distributed application stopped.");
        Stops(again.Output, "api").ShouldBeLessThan(Stops(again.Output, "postgres"));
    }

    [Fact]
    public async Task Ctrl_C_during_the_start_ends_it_cleanly_too()
    {
        await using var appHost = await AppHostProcess.StartAsync(_folder);
        await appHost.UntilAsync(state => AppHostProcess.Resource(state, "postgres").GetProperty("state").GetString() is "Starting" or "Running");
        var descendants = appHost.Descendants();

        appHost.Send(Signal.Interrupt);

        (await appHost.Exited).ShouldBe(0);
        appHost.Output.ShouldEndWith("Distributed application stopped.");
        await Task.WhenAll(descendants.Select(Life.EndsAsync));
    }

    private static int Stops(string output, string resource) =>
        output.Split('\n').ToList().FindIndex(line => line.StartsWith(resource + " ", StringComparison.Ordinal) && line.Contains("[Finished", StringComparison.Ordinal));

    private static async Task<object?> ExecuteAsync(AppHostProcess appHost, string sql)
    {
        await using var connection = await appHost.ConnectAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
