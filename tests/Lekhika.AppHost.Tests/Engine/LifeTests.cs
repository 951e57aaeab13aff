using Aspire.Hosting;
using Lekhika.AppHost.Local.Engine;
using Lekhika.AppHost.Local.Processes;

namespace Lekhika.AppHost.Tests.Engine;

public sealed class LifeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_killed_process_is_started_again()
    {
        await using var application = new RunningApplication(_folder["data"]);
        application.AddScript("worker", "exec sleep 100");
        application.Start();

        var first = await application.WaitAsync("worker", ResourceState.Running);
        Signal.Kill.SendTo(first.ProcessId!.Value);

        var second = await application.WaitAsync("worker", snapshot => snapshot.State == ResourceState.Running && snapshot.ProcessId != first.ProcessId);
        second.ProcessId.ShouldNotBeNull();
        application.Output.ShouldContain("worker  | [Exited, exit code 137]");
        application.Output.ShouldContain("worker  | [restart in 0.5 s]");
    }

    [Fact]
    public async Task A_process_that_crashes_at_once_is_started_again_after_longer_and_longer_waits()
    {
        await using var application = new RunningApplication(_folder["data"]);
        application.AddScript("worker", $"echo run >> {_folder["runs"]}; [ $(wc -l < {_folder["runs"]}) = 3 ] && echo third && exec sleep 100; exit 1");
        application.Start();

        await UntilAsync(() => application.Output.Contains("| third", StringComparison.Ordinal));

        var restarts = application.Output.Split('\n').Where(line => line.Contains("[restart", StringComparison.Ordinal));
        restarts.ShouldBe(["worker  | [restart in 0.5 s]", "worker  | [restart in 1 s]"]);
    }

    [Fact]
    public async Task A_service_that_ends_unasked_is_started_again_even_when_its_exit_code_is_0()
    {
        await using var application = new RunningApplication(_folder["data"]);
        application.AddScript("worker", $"[ -e {_folder["ran"]} ] && exec sleep 100; touch {_folder["ran"]}; exit 0");
        application.Start();

        await UntilAsync(() => application.Output.Contains("[restart in 0.5 s]", StringComparison.Ordinal));
        await application.WaitAsync("worker", ResourceState.Running);

        application.Output.ShouldContain("worker  | [Exited, exit code 0]");
        (await application.StopAsync()).ShouldBe(0);
        application.Snapshots("worker").ShouldHaveSingleItem().State.ShouldBe(ResourceState.Finished);
    }

    [Fact]
    public async Task What_ends_well_is_finished_and_stays_so()
    {
        await using var application = new RunningApplication(_folder["data"]);
        application.AddOnce("once", "exit 0");
        application.Start();

        (await application.WaitAsync("once", snapshot => snapshot.HasEnded)).State.ShouldBe(ResourceState.Finished);
        application.Output.ShouldNotContain("[restart");
    }

    [Fact]
    public async Task A_stop_ends_the_dependents_first_and_then_what_they_need()
    {
        var script = $"trap 'echo $OTEL_SERVICE_NAME >> {_folder["ends"]}; exit 0' TERM; echo up; while :; do sleep 0.02; done";
        await using var application = new RunningApplication(_folder["data"]);
        var store = application.AddScript("store", script);
        var service = application.AddScript("service", script).WaitFor(store);
        application.AddScript("client", script).WaitFor(service);
        application.Start();
        await UntilAsync(() => application.Output.Split("| up").Length == 4);

        (await application.StopAsync()).ShouldBe(0);

        (await File.ReadAllLinesAsync(_folder["ends"])).ShouldBe(["client", "service", "store"]);
    }

    [Fact]
    public async Task A_stop_while_resources_still_wait_is_clean_too()
    {
        await using var application = new RunningApplication(_folder["data"]);
        var migration = application.AddScript("migration", "exec sleep 100");
        application.AddScript("service", "exec sleep 100").WaitForCompletion(migration);
        application.Start();
        await application.WaitAsync("migration", ResourceState.Running);

        (await application.StopAsync()).ShouldBe(0);

        application.Output.ShouldNotContain("Distributed application started");
        application.Snapshots("service").ShouldHaveSingleItem().State.ShouldBe(ResourceState.NotStarted);
    }

    [Fact]
    public async Task Each_line_of_output_is_led_by_the_name_of_its_resource()
    {
        await using var application = new RunningApplication(_folder["data"]);
        application.AddScript("api", "echo from stdout; echo from stderr >&2; exec sleep 100");
        application.AddScript("exporter", "echo hello; exec sleep 100");
        application.Start();

        await UntilAsync(() => application.Output.Contains("hello", StringComparison.Ordinal) && application.Output.Contains("from stdout", StringComparison.Ordinal) && application.Output.Contains("from stderr", StringComparison.Ordinal));

        application.Output.ShouldStartWith("Distributed application starting.");
        application.Output.ShouldContain("api       | from stdout\n");
        application.Output.ShouldContain("api       | from stderr\n");
        application.Output.ShouldContain("exporter  | hello\n");
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var soon = RunningApplication.Soon;
        while (!condition())
        {
            await Task.Delay(10, soon);
        }
    }
}
