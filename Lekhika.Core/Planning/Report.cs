using System.ComponentModel;

namespace Lekhika.Core.Planning;

/// <summary>What a specialist (researcher, world builder, quality checker …) hands to those who plan and write; also what gates look at.</summary>
public sealed record Report(
    [property: Description("What was found, in a paragraph.")] string Summary,
    [property: Description("The findings, the weightiest first; at most twenty.")] IReadOnlyList<ReportFinding> Findings,
    [property: Description("0 (unusable) to 100 (nothing to mend).")] int Score);

/// <summary>One finding of a report.</summary>
public sealed record ReportFinding(
    [property: Description("What it is about, in a few words.")] string Subject,
    [property: Description("What was found, in one or two sentences.")] string Detail);
