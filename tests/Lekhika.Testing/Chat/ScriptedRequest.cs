using Microsoft.Extensions.AI;

namespace Lekhika.Testing.Chat;

/// <summary>What a model was asked.</summary>
/// <param name="Number">From 1, in the order of arrival.</param>
/// <param name="Messages">The conversation.</param>
/// <param name="Options">Model, temperature, format of the answer.</param>
public sealed record ScriptedRequest(int Number, IReadOnlyList<ChatMessage> Messages, ChatOptions? Options)
{
    /// <summary>All that is said to the model: instructions and messages.</summary>
    public string Text => string.Join('\n', Messages.Select(message => message.Text).Prepend(Options?.Instructions ?? "").Where(text => text.Length > 0));
}
