using Lekhika.Core.Executions;

namespace Lekhika.Worker.Nodes;

/// <summary>A step cannot end well; the message is a sentence for the user, the class says whether another try may help.</summary>
internal sealed class StepFault(string errorClass, string message, Exception? inner = null) : Exception(RunError.Shorten(message), inner)
{
    public string ErrorClass { get; } = errorClass;

    /// <summary>How long the provider asks to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The part of the request that the model does not take, as the provider names it; null: it is something else, or nobody says.</summary>
    public string? Parameter { get; init; }

    /// <summary>The step, once that is known.</summary>
    public StepKey? Step { get; set; }

    /// <summary>The model's answer broke its contract.</summary>
    public static StepFault InvalidAnswer(string message, Exception? inner = null) => new(ErrorClasses.InvalidAnswer, message, inner);

    /// <summary>A content filter has kept the answer back.</summary>
    public static StepFault Withheld() => new(ErrorClasses.Refused, "The model's provider withheld the answer (content filter). Change the brief, or choose another model.");

    /// <summary>The engine or the input is wrong.</summary>
    public static StepFault Permanent(string message) => new(ErrorClasses.Permanent, message);
}
