using Lekhika.Core.Executions;
using Lekhika.Core.Exports;
using Lekhika.Persistence.Exports;
using Lekhika.Persistence.Requests;
using Lekhika.Persistence.Runs;
using Lekhika.Persistence.Tenancy;
using Lekhika.Testing.Runs;
using Npgsql;

namespace Lekhika.Persistence.Tests.Runs;

/// <summary>
/// Random sequences of commands against the pure transitions and against the database at once: what the one allows the other allows, the
/// states are the same after each command, old attempts write nothing, and the journal has no gap.
/// </summary>
public sealed class StateModelSpecs : IAsyncLifetime
{
    private Stores _stores = null!;
    private NpgsqlDataSource _api = null!;

    public async Task InitializeAsync()
    {
        _stores = await Stores.StartAsync();
        _api = NpgsqlDataSource.Create(_stores.Database.Api);
    }

    public async Task DisposeAsync()
    {
        await _api.DisposeAsync();
        await _stores.DisposeAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task The_database_goes_from_state_to_state_as_the_pure_transitions_do(int seed)
    {
        var random = new Random(seed);
        var visited = new HashSet<RunStatus>();
        for (var round = 0; round < 6; round++)
        {
            var run = await QueuedRun.InsertAsync(_stores.Database);
            await _stores.Database.ExecuteAsync("UPDATE engine_executions SET priority = -10 WHERE id <> $1", run.Id);
            var model = new Model(_stores, new TenantDatabase(_api), run, random);
            for (var step = 0; step < 40; step++)
            {
                await model.StepAsync();
                visited.Add(model.Status);
            }

            await run.JournalAsync();
            // Out of the way of the next one.
            await _stores.Database.ExecuteAsync("UPDATE engine_executions SET status = 'stopped', lease_owner = NULL, lease_until = NULL, waits_for_batch = false WHERE id = $1", run.Id);
        }

        visited.Count.ShouldBeGreaterThanOrEqualTo(6, string.Join(", ", visited));
    }

    /// <summary>What the run's row should say, and the commands that change it.</summary>
    private sealed class Model(Stores stores, TenantDatabase api, QueuedRun run, Random random)
    {
        private readonly List<string> _history = [];
        private readonly RunRequestStore _runs = new(api);
        private RunLease _lease;
        private bool _held;
        private bool _pauseRequested;
        private bool _unseen;
        private bool _hasBook;
        private bool _inBatch;
        private int _attempt;
        private int _steps;

        public RunStatus Status { get; private set; } = RunStatus.Queued;

        public async Task StepAsync()
        {
            var (name, act) = Commands[random.Next(Commands.Length)];
            _history.Add($"{name} in {Status}");
            await act(this);
            var row = await run.AskAsync<string>("SELECT concat_ws(' ', status, attempt, lease_owner IS NOT NULL, pause_requested, waits_for_batch) FROM engine_executions WHERE id = $1");
            row.ShouldBe($"{Status.Word()} {_attempt} {(_held ? "t" : "f")} {(_pauseRequested ? "t" : "f")} {(_inBatch ? "t" : "f")}", string.Join("\n", _history));
        }

        private static readonly (string, Func<Model, Task>)[] Commands =
        [
            ("claim", model => model.ClaimAsync(expire: false)),
            ("claim", model => model.ClaimAsync(expire: false)),
            ("crash and take over", model => model.ClaimAsync(expire: true)),
            ("finish a step", model => model.FinishStepAsync()),
            ("finish a step", model => model.FinishStepAsync()),
            ("hand back", model => model.TransitionAsync(RunCommand.HandBack)),
            ("rest", model => model.TransitionAsync(RunCommand.Pause)),
            ("rest for the batch", model => model.RestForBatchAsync()),
            ("rest for the batch", model => model.RestForBatchAsync()),
            ("answer the batch", model => model.AnswerBatchAsync()),
            ("compile", model => model.TransitionAsync(RunCommand.Compile)),
            ("finish", model => model.TransitionAsync(RunCommand.Finish)),
            ("fail", model => model.TransitionAsync(RunCommand.Fail)),
            ("end the stop", model => model.TransitionAsync(RunCommand.EndStop)),
            ("look", model => model.LookAsync()),
            ("stop", model => model.StopAsync()),
            ("pause", model => model.PauseAsync()),
            ("resume", model => model.ResumeAsync()),
            ("regenerate", model => model.RegenerateAsync()),
            ("make a file", model => model.ExportAsync(succeed: true)),
            ("fail at a file", model => model.ExportAsync(succeed: false)),
            ("make files again", model => model.MakeFilesAsync()),
        ];

        private async Task ClaimAsync(bool expire)
        {
            if (expire)
            {
                await stores.Database.ExecuteAsync("UPDATE engine_executions SET lease_until = now() - interval '1 second' WHERE id = $1 AND lease_until IS NOT NULL", run.Id);
            }

            var old = _lease;
            var command = Status == RunStatus.Queued ? RunCommand.Claim : RunCommand.TakeOver;
            var to = command == RunCommand.TakeOver && !(expire && _held) ? null : RunTransitions.Next(Status, command);
            var claimed = (await stores.ClaimAsync("w", 1, Stores.Lease)).Where(lease => lease.ExecutionId == run.Id).ToList();
            (claimed.Count == 1).ShouldBe(to is not null, string.Join("\n", _history));
            if (to is { } status)
            {
                (Status, _lease, _held, _attempt) = (status, claimed[0], true, _attempt + 1);
                _lease.Attempt.ShouldBe(_attempt);
                if (old.Attempt > 0)
                {
                    (await stores.CommitAsync(Stores.Event(old, "late"))).ShouldBeFalse("an old attempt writes nothing");
                    (await stores.CommitAsync(Stores.Event(old, "late") with { Command = RunCommand.Fail })).ShouldBeFalse();
                }
            }
        }

        private async Task FinishStepAsync()
        {
            var written = await stores.CommitAsync(Stores.Step(Lease, "writer", ++_steps) with { Chapter = new ChapterVersion(_steps, 1, "T", "Some words here.", 3, "writer") });
            written.ShouldBe(_held, string.Join("\n", _history));
        }

        private async Task TransitionAsync(RunCommand command)
        {
            var to = _held && !(command == RunCommand.Pause && _unseen) ? RunTransitions.Next(Status, command) : null;
            var commit = Stores.Event(Lease, $"test.{command}") with { Command = command, Error = command == RunCommand.Fail ? new RunError("permanent", "No.") : null };
            if (command == RunCommand.Compile)
            {
                var version = await run.AskAsync<int>("SELECT coalesce(max(version), 0)::int + 1 FROM books WHERE execution_id = $1");
                var order = await run.AskAsync<int>("SELECT coalesce(max(order_no), 0)::int + 1 FROM export_jobs WHERE execution_id = $1");
                var book = new BookRecord(Guid.NewGuid(), version, "T", null, "A", "en", null, "offline", 3, [new(1, 1)], ["x"]);
                commit = commit with { Book = book, Exports = new ExportOrder(order, book.Id, [ExportFormat.Txt], "{}") };
            }

            (await stores.CommitAsync(commit)).ShouldBe(to is not null, string.Join("\n", _history));
            if (to is { } status)
            {
                (Status, _held, _pauseRequested, _unseen) = (status, false, false, false);
                _hasBook |= command == RunCommand.Compile;
            }
        }

        /// <summary>As a worker does whose calls are parked; here none is, so the rest is over as soon as somebody looks.</summary>
        private async Task RestForBatchAsync()
        {
            var to = _held && !_unseen ? RunTransitions.Next(Status, RunCommand.Pause) : null;
            (await stores.CommitAsync(Stores.Event(Lease, "test.batch") with { Command = RunCommand.Pause, WaitsForBatch = true })).ShouldBe(to is not null, string.Join("\n", _history));
            if (to is { } status)
            {
                (Status, _held, _pauseRequested, _inBatch) = (status, false, false, true);
            }
        }

        private async Task AnswerBatchAsync()
        {
            var woken = await stores.Batches.WakeAsync(default);
            woken.ShouldBe(_inBatch ? 1 : 0, string.Join("\n", _history));
            if (_inBatch)
            {
                (Status, _inBatch) = (RunTransitions.Next(Status, RunCommand.Resume)!.Value, false);
            }
        }

        private async Task LookAsync()
        {
            var seen = await run.AskAsync<int>("SELECT requests FROM engine_executions WHERE id = $1");
            if (await stores.CommitAsync(new RunCommit(Lease, []) { RequestsSeen = seen }))
            {
                _unseen = false;
            }
        }

        private async Task StopAsync()
        {
            var to = RunTransitions.Next(Status, RunCommand.Stop);
            (await _runs.StopAsync(run.UserId, run.Id, default)).IsDone.ShouldBe(to is not null || Status is RunStatus.Stopping or RunStatus.Stopped, string.Join("\n", _history));
            if (to is { } status)
            {
                (Status, _pauseRequested, _inBatch) = (status, false, false);
                _unseen |= status == RunStatus.Stopping;
            }
        }

        private async Task PauseAsync()
        {
            (await _runs.PauseAsync(run.UserId, run.Id, default)).IsDone.ShouldBe(Status is RunStatus.Queued or RunStatus.Running or RunStatus.Paused, string.Join("\n", _history));
            if (Status == RunStatus.Queued)
            {
                Status = RunTransitions.Next(Status, RunCommand.Pause)!.Value;
            }
            else if (Status == RunStatus.Paused)
            {
                // It waits for a person from now on.
                _inBatch = false;
            }
            else if (Status == RunStatus.Running)
            {
                (_pauseRequested, _unseen) = (true, _unseen || !_pauseRequested);
            }
        }

        private async Task ResumeAsync()
        {
            var goesOn = Status is RunStatus.Paused or RunStatus.Stopped or RunStatus.Failed;
            (await _runs.ResumeAsync(run.UserId, run.Id, default)).IsDone.ShouldBe(goesOn || Status is RunStatus.Queued or RunStatus.Running, string.Join("\n", _history));
            if (goesOn)
            {
                (Status, _pauseRequested, _inBatch) = (RunTransitions.Next(Status, RunCommand.Resume)!.Value, false, false);
            }
            else if (Status == RunStatus.Running && _pauseRequested)
            {
                (_pauseRequested, _unseen) = (false, true);
            }
        }

        private async Task RegenerateAsync()
        {
            var to = RunTransitions.Next(Status, RunCommand.Resume);
            var outcome = await new StepRequestStore(api, _runs).RerunAsync(run.UserId, run.Id, ["requirements-1"], default);
            if (outcome.Result == RequestResult.GenerationsUsedUp)
            {
                return;
            }

            outcome.IsDone.ShouldBe(to is not null, string.Join("\n", _history));
            if (to is { } status)
            {
                (Status, _pauseRequested, _inBatch) = (status, false, false);
            }
        }

        private async Task ExportAsync(bool succeed)
        {
            foreach (var lease in await stores.ClaimExportsAsync(10))
            {
                var others = await stores.Database.AskAsync<Guid>("SELECT execution_id FROM export_jobs WHERE id = $1", lease.JobId) != run.Id;
                (succeed ? await stores.SucceedAsync(lease) : await stores.FailAsync(lease, "No ink.")).ShouldBeTrue();
                if (!others)
                {
                    Status = Status switch
                    {
                        RunStatus.Exporting => RunTransitions.Next(Status, succeed ? RunCommand.FinishFormats : RunCommand.FailFormats)!.Value,
                        RunStatus.Stopping when !_held => RunTransitions.Next(Status, RunCommand.EndStop)!.Value,
                        _ => Status,
                    };
                }
            }
        }

        private async Task MakeFilesAsync()
        {
            var to = _hasBook ? RunTransitions.Next(Status, RunCommand.MakeFiles) : null;
            var outcome = await new FileRequestStore(api).MakeAsync(run.UserId, run.Id, [ExportFormat.Txt], new ExportSettings(), default);
            outcome.IsDone.ShouldBe(to is not null, string.Join("\n", _history));
            if (to is { } status)
            {
                Status = status;
            }
        }

        /// <summary>The present lease, or the last one, which holds nothing any more.</summary>
        private RunLease Lease => _lease.Attempt > 0 ? _lease : new RunLease(run.Id, run.UserId, 1);
    }
}
