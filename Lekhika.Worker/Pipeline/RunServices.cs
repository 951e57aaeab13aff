using Lekhika.Persistence.Runs;
using Lekhika.Persistence.Signals;
using Lekhika.Worker.Nodes;
using Microsoft.Extensions.Options;

namespace Lekhika.Worker.Pipeline;

/// <summary>What every run's loop uses.</summary>
internal sealed record RunServices(
    RunLoader Loader, RunJournal Journal, StepWorkers Workers, NodeRegistry Registry, BookCompiler Compiler, WakeUpSignals Signals, IOptions<WorkerOptions> Settings, TimeProvider Time)
{
    public WorkerOptions Options => Settings.Value;
}
