using System.Text;

namespace Lekhika.Testing.Running;

/// <summary>How the tests of one assembly went.</summary>
internal sealed record AssemblyResult(string Name, TimeSpan Time, int Passed, int Skipped, IReadOnlyList<TestResult> Failures)
{
    /// <summary>One line, and what failed below it.</summary>
    public string Report()
    {
        var text = new StringBuilder();
        text.Append($"{(Failures.Count == 0 ? "ok    " : "FAILED")} {Name,-34} {Passed,4} passed");
        text.Append(Failures.Count > 0 ? $", {Failures.Count} failed" : "");
        text.Append(Skipped > 0 ? $", {Skipped} skipped" : "");
        text.Append($"  {Time.TotalSeconds:F1} s\n");
        foreach (var failure in Failures)
        {
            text.Append($"\n  ✗ {failure.Name}\n    {failure.Message.Trim().Replace("\n", "\n    ", StringComparison.Ordinal)}\n\n");
        }

        return text.ToString();
    }
}

internal enum TestOutcome
{
    Passed,
    Failed,
    Skipped,
}

/// <summary>One test, as the test host reported it.</summary>
internal sealed record TestResult(string Name, TestOutcome Outcome, string Message);
