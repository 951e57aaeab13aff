namespace Lekhika.AppHost.Tests.Processes;

/// <summary>Whether a process lives, by /proc; a zombie does not.</summary>
internal static class Life
{
    public static bool Of(int processId)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/stat").Split(')')[^1].TrimStart()[0] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    public static async Task EndsAsync(int processId)
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (Of(processId))
        {
            await Task.Delay(10, soon.Token);
        }
    }
}
