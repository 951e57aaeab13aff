using Lekhika.Exporter.Jobs;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Lekhika.Exporter.Tests.Jobs;

/// <summary>A lost lease or a shutdown, which the guard sees as cancellation.</summary>
public sealed class RenderingGuardSpecs
{
    private readonly ApplicationLifetime _lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly CancellationTokenSource _lost = new();

    [Fact]
    public async Task A_rendering_whose_lease_is_lost_and_that_does_not_end_is_stuck_and_ends_its_exporter()
    {
        var guard = Guard(stuckSeconds: 0);
        var never = new TaskCompletionSource<int>();
        var running = guard.RunAsync(_ => never.Task, _lost.Token);

        await _lost.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(running);
        guard.IsStuck.ShouldBeTrue();
        _lifetime.ApplicationStopping.IsCancellationRequested.ShouldBeTrue();
        never.SetCanceled();
    }

    [Fact]
    public async Task A_rendering_whose_lease_is_lost_keeps_its_place_until_it_has_ended()
    {
        var guard = Guard(stuckSeconds: 600);
        var work = new TaskCompletionSource<int>();
        var running = guard.RunAsync(_ => work.Task, _lost.Token);
        await _lost.CancelAsync();
        var isHeld = !running.IsCompleted;

        work.SetResult(1);

        await Should.ThrowAsync<OperationCanceledException>(running);
        isHeld.ShouldBeTrue();
        guard.IsStuck.ShouldBeFalse();
        _lifetime.ApplicationStopping.IsCancellationRequested.ShouldBeFalse();
    }

    private RenderingGuard Guard(double stuckSeconds) =>
        new(Options.Create(new ExporterOptions { StuckSeconds = stuckSeconds }), _lifetime, TimeProvider.System, NullLogger<RenderingGuard>.Instance);
}
