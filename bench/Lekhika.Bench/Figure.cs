using System.Text.Json;

namespace Lekhika.Bench;

/// <summary>One line of the output.</summary>
/// <param name="Value">The median over the runs.</param>
/// <param name="N">The size of one run, in the things that the metric counts.</param>
internal sealed record Figure(string Bench, string Metric, double Value, string Unit, int N, int Runs, double Min, double Max)
{
    public static void Print(string bench, string metric, string unit, int n, IReadOnlyCollection<double> runs)
    {
        var sorted = runs.Order().ToArray();
        var median = sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
        var figure = new Figure(bench, metric, Math.Round(median, 3), unit, n, sorted.Length, Math.Round(sorted[0], 3), Math.Round(sorted[^1], 3));
        Console.WriteLine(JsonSerializer.Serialize(figure, JsonSerializerOptions.Web));
    }
}
