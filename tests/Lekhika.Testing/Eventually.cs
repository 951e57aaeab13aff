using System.Diagnostics;

namespace Lekhika.Testing;

/// <summary>Waiting for what another process brings about, where there is no event to await.</summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Asks every 20 ms until the answer is true.</summary>
    /// <param name="ask">The question.</param>
    /// <param name="what">What is awaited, for the message.</param>
    /// <param name="within">15 seconds unless told.</param>
    /// <exception cref="TimeoutException">The answer stayed false.</exception>
    public static async Task TrueAsync(Func<Task<bool>> ask, string what, TimeSpan? within = null)
    {
        var waited = Stopwatch.StartNew();
        while (!await ask())
        {
            if (waited.Elapsed > (within ?? Patience))
            {
                throw new TimeoutException($"Not within {waited.Elapsed.TotalSeconds:F1} s: {what}");
            }

            await Task.Delay(20);
        }
    }
}
