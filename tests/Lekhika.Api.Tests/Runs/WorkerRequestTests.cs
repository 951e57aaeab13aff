using Lekhika.Core.Executions;
using Lekhika.Core.Exports;
using Lekhika.Persistence;
using Lekhika.Persistence.Requests;
using Lekhika.Persistence.Signals;
using Lekhika.Persistence.Tenancy;
using Npgsql;

namespace Lekhika.Api.Tests.Runs;

/// <summary>Operators ask the same at the worker's internal port, under the worker's role.</summary>
public sealed class WorkerRequestTests(RunningApi api) : IClassFixture<RunningApi>, IAsyncLifetime
{
    private NpgsqlDataSource _source = null!;

    private TenantDatabase Database => new(_source);

    public Task InitializeAsync()
    {
        var builder = new NpgsqlDataSourceBuilder(api.Database.Worker);
        PersistenceExtensions.ConfigureDataSource(builder);
        _source = builder.Build();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _source.DisposeAsync();

    [Fact]
    public async Task The_workers_role_may_carry_out_every_request()
    {
        var run = await ArrangedRun.SubmitAsync(api);
        var (user, requests) = (run.Client.User.Id, new RunRequestStore(Database));
        (await requests.PauseAsync(user, run.Id, default)).ShouldBe(new(RequestResult.Done, RunStatus.Paused));
        (await requests.ResumeAsync(user, run.Id, default)).ShouldBe(new(RequestResult.Done, RunStatus.Queued, Wake: WakeUpTopic.Runs));
        (await requests.StopAsync(user, run.Id, default)).ShouldBe(new(RequestResult.Done, RunStatus.Stopped));
        await run.FailAsync("writer-1");
        (await requests.RedriveAsync(user, run.Id, default)).State.ShouldBe(RunStatus.Queued);
        await run.BeAsync("running");
        (await requests.PauseAsync(user, run.Id, default)).ShouldBe(new(RequestResult.Done, RunStatus.Running, Wake: WakeUpTopic.Requests));

        await run.BeAsync("paused");
        var previews = new PreviewRequestStore(Database);
        await run.ShowAsync("preview-1");
        (await previews.ApproveAsync(user, run.Id, "preview-1", default)).State.ShouldBe(RunStatus.Queued);
        await run.BeAsync("completed");
        var steps = new StepRequestStore(Database, requests);
        (await steps.RegenerateAsync(user, run.Id, new("writer-1", null, "Braver.", "Too short.", ["output-1"], false), default)).State.ShouldBe(RunStatus.Queued);
        await run.CompileAsync(1);
        await run.BeAsync("stopped");
        (await new FileRequestStore(Database).MakeAsync(user, run.Id, [ExportFormat.Pdf], null, default)).ShouldBe(new(RequestResult.Done, RunStatus.Exporting, Wake: WakeUpTopic.Exports));

        await run.JournalAsync();
        (await requests.StopAsync(Guid.NewGuid(), run.Id, default)).Result.ShouldBe(RequestResult.NotFound);
    }
}
