using System.Collections.Concurrent;
using Lekhika.AppHost.Local.Processes;

namespace Lekhika.AppHost.Tests.Processes;

public sealed class ChildProcessTests
{
    [Fact]
    public async Task A_stop_with_SIGTERM_is_honoured_with_the_childs_own_exit_code()
    {
        var lines = new BlockingCollection<string>();
        await using var child = await ChildProcess.StartAsync(new ChildCommand("sh", "-c", "trap 'exit 5' TERM; echo up; while :; do sleep 0.02; done"), lines.Add);
        lines.Take(RunningSoon).ShouldBe("up");

        (await child.StopAsync(Signal.Terminate, TimeSpan.FromSeconds(20))).ShouldBe(5);
    }

    [Fact]
    public async Task A_child_that_does_not_inherit_gets_what_programs_need_and_what_it_is_given()
    {
        Environment.SetEnvironmentVariable("LEKHIKA_OPENAI_TEST_KEY", "sk-secret");
        var command = new ChildCommand("env") { InheritsEnvironment = false, Environment = new Dictionary<string, string?> { ["OWN"] = "given" } };

        var (_, output) = await ChildProcess.RunAsync(command, CancellationToken.None);

        output.Split('\n').ShouldContain($"PATH={Environment.GetEnvironmentVariable("PATH")}");
        output.Split('\n').ShouldContain("OWN=given");
        output.ShouldNotContain("sk-secret");
    }

    [Fact]
    public async Task A_child_that_ignores_SIGTERM_is_killed_after_the_grace()
    {
        var lines = new BlockingCollection<string>();
        await using var child = await ChildProcess.StartAsync(new ChildCommand("sh", "-c", "trap '' TERM; echo up; while :; do sleep 0.02; done"), lines.Add);
        lines.Take(RunningSoon).ShouldBe("up");

        (await child.StopAsync(Signal.Terminate, TimeSpan.FromMilliseconds(200))).ShouldBe(137);
    }

    [Fact]
    public async Task What_a_child_started_ends_with_it()
    {
        var lines = new BlockingCollection<string>();
        await using var child = await ChildProcess.StartAsync(new ChildCommand("sh", "-c", "sleep 100 & echo $!; wait"), lines.Add);
        var grandchild = int.Parse(lines.Take(RunningSoon));
        Life.Of(grandchild).ShouldBeTrue();

        await child.StopAsync(Signal.Terminate, TimeSpan.FromSeconds(20));

        await Life.EndsAsync(grandchild);
    }

    [Fact]
    public async Task An_environment_variable_can_be_set_and_taken_away()
    {
        var (exitCode, output) = await ChildProcess.RunAsync(
            new ChildCommand("sh", "-c", "echo $ADDED; echo ${HOME-none}") { Environment = new Dictionary<string, string?> { ["ADDED"] = "yes", ["HOME"] = null } },
            RunningSoon);

        exitCode.ShouldBe(0);
        output.ShouldBe("yes\nnone");
    }

    [Fact]
    public async Task A_program_that_is_not_there_fails_with_exit_code_127_and_says_so()
    {
        var (exitCode, output) = await ChildProcess.RunAsync(new ChildCommand("no-such-program"), RunningSoon);

        exitCode.ShouldBe(127);
        output.ShouldContain("no-such-program");
    }

    private static CancellationToken RunningSoon => new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token;
}
