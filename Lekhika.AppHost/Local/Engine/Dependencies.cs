using Aspire.Hosting.ApplicationModel;

namespace Lekhika.AppHost.Local.Engine;

/// <summary>WaitFor and WaitForCompletion.</summary>
internal static class Dependencies
{
    /// <summary>Returns when all that the resource waits for is as asked.</summary>
    /// <exception cref="CannotStartException">One of them can no longer come to that.</exception>
    public static Task WaitAsync(IResource resource, Board board, CancellationToken cancellationToken) =>
        Task.WhenAll(resource.All<WaitForAnnotation>().Select(wait => wait.ExitCode is { } exitCode
            ? ForCompletionAsync(resource, wait.Dependency, exitCode, board, cancellationToken)
            : ForHealthAsync(resource, wait.Dependency, board, cancellationToken)));

    private static async Task ForHealthAsync(IResource resource, IResource dependency, Board board, CancellationToken cancellationToken)
    {
        var snapshots = await board.WaitAsync(
            dependency.Name,
            all => all.All(snapshot => snapshot.IsReady) || all.Any(snapshot => snapshot.CannotStart || snapshot.State == ResourceState.Finished),
            cancellationToken);
        ThrowIfOneCannotStart(resource, dependency, snapshots);
        if (snapshots.Any(snapshot => snapshot.State == ResourceState.Finished))
        {
            throw new CannotStartException($"Resource '{resource.Name}' stopped waiting for dependency resource '{dependency.Name}' because it has ended.");
        }
    }

    private static async Task ForCompletionAsync(IResource resource, IResource dependency, int exitCode, Board board, CancellationToken cancellationToken)
    {
        var snapshots = await board.WaitAsync(
            dependency.Name,
            all => all.All(snapshot => snapshot.HasEnded) || all.Any(snapshot => snapshot.CannotStart),
            cancellationToken);
        ThrowIfOneCannotStart(resource, dependency, snapshots);
        if (snapshots.FirstOrDefault(snapshot => snapshot.ExitCode != exitCode) is { } ended)
        {
            throw new CannotStartException(
                $"Resource '{resource.Name}' stopped waiting for dependency resource '{dependency.Name}' because it entered the '{ended.State}' state with exit code '{ended.ExitCode}', expected '{exitCode}'.");
        }
    }

    private static void ThrowIfOneCannotStart(IResource resource, IResource dependency, IReadOnlyList<ResourceSnapshot> snapshots)
    {
        if (snapshots.Any(snapshot => snapshot.CannotStart))
        {
            throw new CannotStartException($"Resource '{resource.Name}' stopped waiting for dependency resource '{dependency.Name}' because it failed to start.");
        }
    }
}
