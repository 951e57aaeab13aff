using System.Text.Json.Serialization;

namespace Lekhika.Worker.Internal.Http;

/// <summary>An answer that says yes, in the original's form.</summary>
internal abstract record Answer
{
    [JsonPropertyOrder(-1)]
    public bool Success => true;
}

/// <summary>Of an execution that was asked to do something.</summary>
/// <param name="State">Its state now: a word of docs/state-machine.md.</param>
internal record RunAnswer(Guid ExecutionId, string State, string Message) : Answer;

/// <summary>The same, when the request had parts that have no effect.</summary>
/// <param name="Ignored">Their names: only the stored workflow runs, and only what is known is read.</param>
internal sealed record GoingOnAnswer(Guid ExecutionId, string State, string Message, IReadOnlyList<string> Ignored) : RunAnswer(ExecutionId, State, Message);
