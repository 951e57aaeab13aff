using System.Collections.Concurrent;

namespace Lekhika.AppHost.Local.Processes;

/// <summary>
/// Starts every child from one thread that lives as long as the process: Linux sends the parent-death signal
/// (prctl(2), PR_SET_PDEATHSIG) when the <em>thread</em> that forked ends, and pool threads come and go.
/// </summary>
internal static class LifelongThread
{
    private static readonly BlockingCollection<Action> Work = Start();

    public static Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        });
        return done.Task;
    }

    private static BlockingCollection<Action> Start()
    {
        var work = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var action in work.GetConsumingEnumerable())
            {
                action();
            }
        })
        { IsBackground = true, Name = "child processes" }.Start();
        return work;
    }
}
