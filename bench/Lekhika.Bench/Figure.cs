using System.Text.Json;

namespace Lekhika.Bench;

/// <summary>One line of the output.</summary>
/// <param name="Value">The median over the runs, unless the figure is of all of them together.</param>
/// <param name="N">The size of one run, in the things that the metric counts.</param>
internal sealed record Figure(string Bench, string Metric, double Value, string Unit, int N, int Runs, double Min, double Max)
{
    public static void Print(string bench, string metric, string unit, int n, IReadOnlyCollection<double> runs) =>
        Print(bench, metric, unit, n, runs, Quantile(runs, 0.5));

    /// <param name="value">Of all runs together, where the median of theirs would say less.</param>
    public static void Print(string bench, string metric, string unit, int n, IReadOnlyCollection<double> runs, double value)
    {
        var figure = new Figure(bench, metric, Math.Round(value, 3), unit, n, runs.Count, Math.Round(runs.Min(), 3), Math.Round(runs.Max(), 3));
        Console.WriteLine(JsonSerializer.Serialize(figure, JsonSerializerOptions.Web));
    }

    /// <summary>The value below which a share (0 to 1) of the others lies; between two of them the line that joins them.</summary>
    public static double Quantile(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        var at = share * (sorted.Length - 1);
        var below = (int)at;
        return below + 1 < sorted.Length ? sorted[below] + ((at - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }
}
