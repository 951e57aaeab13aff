using System.Threading.Channels;
using Microsoft.Extensions.Options;

namespace Lekhika.Worker.Pipeline;

/// <summary>
/// The process's step workers behind one bounded channel. Each run has at most a few steps in it at a time, so first come, first served
/// is fair: a book of sixty chapters does not starve a short one. A full channel holds back the runs' loops.
/// </summary>
internal sealed class StepWorkers(StepRunner runner, IOptions<WorkerOptions> options) : BackgroundService
{
    private readonly Channel<StepOrder> _orders = Channel.CreateBounded<StepOrder>(options.Value.Steps);

    public ValueTask GiveAsync(StepOrder order, CancellationToken cancellationToken) => _orders.Writer.WriteAsync(order, cancellationToken);

    /// <summary>After the claimer, whose runs have all ended by then.</summary>
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        _orders.Writer.TryComplete();
        return base.StopAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, options.Value.Steps).Select(_ => WorkAsync()));

    private async Task WorkAsync()
    {
        await foreach (var order in _orders.Reader.ReadAllAsync(CancellationToken.None))
        {
            var work = order.CancellationToken.IsCancellationRequested
                ? Task.FromCanceled<StepResult>(order.CancellationToken)
                : runner.RunAsync(order.Step, order.Parent, order.CancellationToken);
            await ((Task)work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            order.Ended(new RunMessage.StepEnded(order.Step, work));
        }
    }
}
