using System.Runtime.InteropServices;

namespace Lekhika.AppHost.Local.Processes;

/// <summary>POSIX signals by their Linux numbers (signal(7)).</summary>
internal enum Signal
{
    Interrupt = 2,
    Quit = 3,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}

internal static class SignalExtensions
{
    /// <summary>Sends to one process, or to a whole group when <paramref name="processId"/> is negative; one that is gone already is no error.</summary>
    public static void SendTo(this Signal signal, int processId) => _ = Send(processId, (int)signal);

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Send(int processId, int signal);
}
