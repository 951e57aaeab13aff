using System.Globalization;

namespace Lekhika.Bench.Engine;

/// <summary>A process's memory as Linux counts it (proc_pid_status(5)), in MiB.</summary>
internal static class ProcessMemory
{
    public static double Resident(int processId) => Read(processId, "VmRSS:");

    /// <summary>The most that was ever resident, or since the last <see cref="ForgetPeak"/>.</summary>
    public static double Peak(int processId) => Read(processId, "VmHWM:");

    /// <summary>Sets the peak to what is resident now (proc_pid_clear_refs(5)).</summary>
    public static void ForgetPeak(int processId) => File.WriteAllText($"/proc/{processId}/clear_refs", "5");

    private static double Read(int processId, string name)
    {
        var line = File.ReadLines($"/proc/{processId}/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line[name.Length..^"kB".Length], CultureInfo.InvariantCulture) / 1024.0;
    }
}
