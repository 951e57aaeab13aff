using Lekhika.Persistence.Runs;
using Lekhika.Testing.Chat;
using Lekhika.Testing.Runs;
using Lekhika.Testing.Servers;
using Lekhika.Worker.Pipeline;

namespace Lekhika.Worker.Tests.Pipeline;

public sealed class LostRunSpecs
{
    [Fact]
    public async Task A_run_that_is_lost_just_before_a_step_is_given_out_ends_here_instead_of_waiting_for_that_step()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("UPDATE queue_controls SET paused = true");
        var run = await QueuedRun.InsertAsync(database, chapters: 2);
        await database.ExecuteAsync("UPDATE engine_executions SET status = 'running', lease_owner = 'this', lease_until = now() + interval '1 hour', attempt = 1 WHERE id = $1", run.Id);
        var lease = new RunLease(run.Id, await run.AskAsync<Guid>("SELECT user_id FROM engine_executions WHERE id = $1"), 1);
        var model = new ScriptedChatClient();
        await using var host = await WorkerHost.StartAsync(database, model);
        var snapshot = (await host.Service<RunLoader>().LoadAsync(lease, CancellationToken.None)).ShouldNotBeNull();
        await host.Service<WorkflowCache>().FindAsync(lease.UserId, snapshot.WorkflowVersionId, CancellationToken.None);
        using var held = new ActiveRun();
        await held.LoseAsync();

        var work = host.Service<RunExecution>().RunAsync(lease, snapshot, held, held.Lost);

        await Should.ThrowAsync<OperationCanceledException>(work.WaitAsync(TimeSpan.FromSeconds(15)));
        model.Requests.ShouldBeEmpty();
    }
}
