using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Lekhika.Testing.Chat;

/// <summary>
/// A model that says what the test tells it: the first rule that fits a request answers it. Records every request. A request
/// that no rule fits fails, so that a test never passes on an answer nobody thought of.
/// </summary>
public sealed class ScriptedChatClient : IChatClient
{
    private readonly Lock _gate = new();
    private readonly List<ScriptedRule> _rules = [];
    private readonly List<ScriptedRequest> _requests = [];
    private TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Every request so far, in the order of arrival.</summary>
    public IReadOnlyList<ScriptedRequest> Requests
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>Adds a rule for the requests that <paramref name="fits"/> (all, when null). Rules are tried in the order in which they were added.</summary>
    public ScriptedRule When(Func<ScriptedRequest, bool>? fits = null)
    {
        var rule = new ScriptedRule(fits ?? (static _ => true));
        lock (_gate)
        {
            _rules.Add(rule);
        }

        return rule;
    }

    /// <summary>Answers requests one after another with these texts, each once.</summary>
    public ScriptedChatClient Say(params IEnumerable<string> answers)
    {
        foreach (var answer in answers)
        {
            When().Once().Say(answer);
        }

        return this;
    }

    /// <summary>Completes when at least <paramref name="count"/> requests have arrived.</summary>
    /// <exception cref="TimeoutException">They did not within 15 seconds.</exception>
    public async Task ArrivedAsync(int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        while (true)
        {
            Task next;
            lock (_gate)
            {
                if (_requests.Count >= count)
                {
                    return;
                }

                next = _arrived.Task;
            }

            try
            {
                await next.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException cancelled)
            {
                throw new TimeoutException($"{Requests.Count} requests arrived at the model within 15 s, {count} were awaited.", cancelled);
            }
        }
    }

    /// <inheritdoc />
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    /// <inheritdoc />
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (request, rule) = Take([.. messages], options);
        await foreach (var update in rule.AnswerAsync(request, cancellationToken))
        {
            yield return update;
        }
    }

    /// <inheritdoc />
    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this
        : serviceKey is null && serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("scripted", defaultModelId: "scripted-1")
        : null;

    /// <inheritdoc />
    public void Dispose()
    {
    }

    private (ScriptedRequest Request, ScriptedRule Rule) Take(List<ChatMessage> messages, ChatOptions? options)
    {
        lock (_gate)
        {
            var request = new ScriptedRequest(_requests.Count + 1, messages, options);
            _requests.Add(request);
            var arrived = _arrived;
            _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
            arrived.SetResult();
            return (request, _rules.FirstOrDefault(rule => rule.Takes(request))
                ?? throw new InvalidOperationException($"The script has no answer to request {request.Number}: {request.Text}"));
        }
    }
}
