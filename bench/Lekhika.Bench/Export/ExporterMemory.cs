using System.Globalization;
using Lekhika.Bench.Engine;

namespace Lekhika.Bench.Export;

/// <summary>The memory of an exporter and of the processes below it, in MiB.</summary>
internal sealed class ExporterMemory(int exporter)
{
    public double Resident => Processes().Sum(ProcessMemory.Resident);

    /// <summary>The sum of each one's peak: not less than there was at any moment.</summary>
    public double Peak => Processes().Sum(ProcessMemory.Peak);

    private List<int> Processes() => [exporter, .. Below(exporter)];

    private static IEnumerable<int> Below(int process)
    {
        foreach (var child in Directory.EnumerateDirectories($"/proc/{process}/task").SelectMany(task => File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            var id = int.Parse(child, CultureInfo.InvariantCulture);
            yield return id;
            foreach (var grandchild in Below(id))
            {
                yield return grandchild;
            }
        }
    }
}
