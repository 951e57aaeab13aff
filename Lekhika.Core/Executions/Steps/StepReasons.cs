using Lekhika.Core.Planning;

namespace Lekhika.Core.Executions.Steps;

/// <summary>Why a step is not reused, in words for people.</summary>
internal static class StepReasons
{
    public const string NewNode = "new node";
    public const string NeverFinished = "never finished";
    public const string Code = "this version of Lekhika works differently";
    public const string Role = "role";
    public const string WaysOut = "ways out";
    public const string MadeForEachRun = "made for each run";
    public const string NotTaken = "a condition leads elsewhere";

    public static string Prompt(int before, int now) => $"prompt: the platform's version {now}, {before} before";

    public static string After(string nodeId) => $"after {nodeId}";

    /// <summary>The words for names of inputs that differ.</summary>
    public static IEnumerable<string> Of(IEnumerable<string> names, Brief before, Brief now) => names.Select(name => name switch
    {
        "brief" => ChangedFields(before, now) is { Count: > 0 } fields ? $"brief: {string.Join(", ", fields)}" : "brief",
        "code" => Code,
        _ => name,
    });

    private static List<string> ChangedFields(Brief before, Brief now)
    {
        var (old, changed) = (before.ForWriting().Values, now.ForWriting().Values);
        return [.. old.Keys.Union(changed.Keys).Where(name => old.GetValueOrDefault(name) != changed.GetValueOrDefault(name)).Order(StringComparer.Ordinal)];
    }
}
