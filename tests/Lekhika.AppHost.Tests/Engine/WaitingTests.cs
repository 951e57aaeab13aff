using System.Net;
using Aspire.Hosting;
using Lekhika.AppHost.Local.Engine;

namespace Lekhika.AppHost.Tests.Engine;

public sealed class WaitingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WaitFor_holds_a_resource_back_until_its_dependency_is_healthy()
    {
        await using var application = new RunningApplication(_folder["data"]);
        var server = application.AddScript("server", "exec sleep 100", port: 0).WithHttpHealthCheck("/health");
        application.AddScript("client", "exec sleep 100").WaitFor(server);
        application.Start();

        var unhealthy = await application.WaitAsync("server", snapshot => snapshot is { State: ResourceState.Running, IsHealthy: false });
        application.Snapshots("client").ShouldHaveSingleItem().State.ShouldBe(ResourceState.Waiting);

        using var listener = new HttpListener { Prefixes = { unhealthy.Url + "/" } };
        listener.Start();
        using (var answer = (await Answer(listener)).Response)
        {
            answer.StatusCode = 503;
        }

        // The next check comes: the answer 503 has changed nothing.
        var check = await Answer(listener);
        application.Snapshots("client").ShouldHaveSingleItem().State.ShouldBe(ResourceState.Waiting);
        check.Request.Url!.AbsolutePath.ShouldBe("/health");
        check.Response.Close();

        await application.WaitAsync("client", ResourceState.Running);
        application.Snapshots("server").ShouldHaveSingleItem().IsReady.ShouldBeTrue();
    }

    [Fact]
    public async Task WaitForCompletion_holds_a_resource_back_until_its_dependency_has_ended_well()
    {
        await using var application = new RunningApplication(_folder["data"]);
        var migration = application.AddScript("migration", $"while ! [ -e {_folder["go"]} ]; do sleep 0.02; done");
        application.AddScript("service", "exec sleep 100").WaitForCompletion(migration);
        application.Start();

        await application.WaitAsync("migration", ResourceState.Running);
        application.Snapshots("service").ShouldHaveSingleItem().State.ShouldBe(ResourceState.Waiting);
        await File.WriteAllTextAsync(_folder["go"], "");

        await application.WaitAsync("service", ResourceState.Running);
        application.Snapshots("migration").ShouldHaveSingleItem().ShouldBe(new ResourceSnapshot(ResourceState.Finished, ExitCode: 0));
    }

    [Fact]
    public async Task A_failed_migration_fails_all_that_wait_for_it_and_is_not_tried_again()
    {
        await using var application = new RunningApplication(_folder["data"]);
        var migration = application.AddScript("migration", "echo run >> runs; exit 3", port: null);
        var service = application.AddScript("service", "exec sleep 100").WaitForCompletion(migration);
        application.AddScript("client", "exec sleep 100").WaitFor(service);
        application.Start();

        await application.WaitAsync("client", ResourceState.FailedToStart);

        application.Output.ShouldContain("'service' stopped waiting for dependency resource 'migration' because it entered the 'Exited' state with exit code '3', expected '0'.");
        application.Output.ShouldContain("'client' stopped waiting for dependency resource 'service' because it failed to start.");
        application.Output.ShouldNotContain("[restart");
        (await application.StopAsync()).ShouldBe(0);
    }

    private static Task<HttpListenerContext> Answer(HttpListener listener) => listener.GetContextAsync().WaitAsync(RunningApplication.Soon);
}
