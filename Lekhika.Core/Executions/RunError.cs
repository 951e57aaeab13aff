namespace Lekhika.Core.Executions;

/// <summary>Why a run or a step failed: a class for programs, a sentence for people. Never a stack trace, never a secret.</summary>
/// <param name="Class">One of <see cref="ErrorClasses"/>.</param>
/// <param name="Message">What was wrong, where, what to do.</param>
/// <param name="NodeId">The node, when one failed.</param>
public sealed record RunError(string Class, string Message, string? NodeId = null)
{
    /// <summary>Most characters of a message: it stands in a journal event of at most 4 KB, in any script.</summary>
    private const int MaxMessage = 600;

    /// <summary>A message that an event can hold.</summary>
    public static string Shorten(string message) => message.Length <= MaxMessage ? message : message[..MaxMessage] + "…";
}

/// <summary>Classes of errors; each says whether another try may help.</summary>
public static class ErrorClasses
{
    /// <summary>The model's answer broke its contract; another try may help.</summary>
    public const string InvalidAnswer = "invalid_answer";

    /// <summary>The provider has had too many requests; another try may help when the time that it names has passed.</summary>
    public const string RateLimited = "rate_limited";

    /// <summary>The provider did not answer in time, or fell silent; another try may help.</summary>
    public const string TimedOut = "timed_out";

    /// <summary>The provider or the network failed; another try may help.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>The provider will not write this; the same question gets the same answer.</summary>
    public const string Refused = "refused";

    /// <summary>The engine or the input is wrong; another try cannot help.</summary>
    public const string Permanent = "permanent";

    /// <summary>No format could be made.</summary>
    public const string Export = "export";

    /// <summary>A fault of ours; the log has it under the run's trace.</summary>
    public const string Internal = "internal";
}
