using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Lekhika.Testing.Chat;

/// <summary>What a <see cref="ScriptedChatClient"/> does with the requests that a rule fits. Without a word it answers "".</summary>
public sealed class ScriptedRule
{
    private readonly Func<ScriptedRequest, bool> _fits;
    private Func<ScriptedRequest, IEnumerable<string>> _pieces = static _ => [];
    private Func<ScriptedRequest, Exception?> _failure = static _ => null;
    private Task _hold = Task.CompletedTask;
    private int _heldAfter;
    private int _times = int.MaxValue;

    internal ScriptedRule(Func<ScriptedRequest, bool> fits) => _fits = fits;

    /// <summary>Answers with a text.</summary>
    public ScriptedRule Say(string answer) => Say(_ => answer);

    /// <summary>Answers with a text made from the request.</summary>
    public ScriptedRule Say(Func<ScriptedRequest, string> answer) => Stream(request => [answer(request)]);

    /// <summary>Answers piece by piece, as a streaming model does.</summary>
    public ScriptedRule Stream(Func<ScriptedRequest, IEnumerable<string>> pieces)
    {
        _pieces = pieces;
        return this;
    }

    /// <summary>Fails after all pieces were said (at once, when there are none).</summary>
    public ScriptedRule Fail(Func<ScriptedRequest, Exception> failure)
    {
        _failure = failure;
        return this;
    }

    /// <summary>Is silent after so many pieces until the task completes or the call is cancelled.</summary>
    public ScriptedRule HoldUntil(Task released, int afterPieces = 0)
    {
        _hold = released;
        _heldAfter = afterPieces;
        return this;
    }

    /// <summary>Fits one request only; later ones go to the next rule.</summary>
    public ScriptedRule Once() => Times(1);

    /// <summary>Fits so many requests; later ones go to the next rule.</summary>
    public ScriptedRule Times(int count)
    {
        _times = count;
        return this;
    }

    internal bool Takes(ScriptedRequest request) => _times > 0 && _fits(request) && _times-- > 0;

    internal async IAsyncEnumerable<ChatResponseUpdate> AnswerAsync(ScriptedRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var said = 0;
        var words = 0;
        foreach (var piece in _pieces(request))
        {
            await HoldAsync(said++, cancellationToken);
            words += WordsOf(piece);
            yield return Update(new TextContent(piece));
        }

        await HoldAsync(said, cancellationToken);
        if (_failure(request) is { } failure)
        {
            throw failure;
        }

        // Whoever counts tokens gets figures that a test can foresee: one word, one token.
        var asked = WordsOf(request.Text);
        yield return Update(new UsageContent(new UsageDetails { InputTokenCount = asked, OutputTokenCount = words, TotalTokenCount = asked + words }));
    }

    private static int WordsOf(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    private static ChatResponseUpdate Update(AIContent content) => new(ChatRole.Assistant, [content]) { ModelId = "scripted-1", FinishReason = content is UsageContent ? ChatFinishReason.Stop : null };

    private async Task HoldAsync(int said, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (said == _heldAfter)
        {
            await _hold.WaitAsync(cancellationToken);
        }
    }
}
