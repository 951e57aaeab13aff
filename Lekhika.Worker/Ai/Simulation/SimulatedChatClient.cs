using System.Diagnostics;
using System.Runtime.CompilerServices;
using Lekhika.Worker.Ai.Providers;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Ai.Simulation;

/// <summary>
/// The model of a load rehearsal: answers every request with filler of the asked shape, after a fixed time or at once, so that what
/// is measured is the system and nothing else. Off unless configured; its books say what they are.
/// </summary>
internal sealed class SimulatedChatClient(SimulatedLatencies latencies) : IChatClient
{
    public const string ProviderKey = ProviderKinds.Simulated;
    public const string ModelId = "simulated-model";

    private const int CharactersPerToken = 4;

    private static readonly ChatClientMetadata Metadata = new(ProviderKey, providerUri: null, ModelId);

    private readonly PreciseTimer? _timer = latencies == SimulatedLatencies.None ? null : new PreciseTimer();

    /// <summary>What a reader must know of the book's origin.</summary>
    public static IReadOnlyList<string> Colophon { get; } =
        ["This is no book. Its text is filler made by the simulated model of a load rehearsal, to measure the system that makes books."];

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // The latency counts from here, so that making the answer is part of it.
        var asked = Stopwatch.GetTimestamp();
        IReadOnlyList<ChatMessage> prompt = [.. messages];
        var format = options?.ResponseFormat as ChatResponseFormatJson;
        var pieces = SimulatedAnswer.To(prompt, format);
        await AnswerTimeAsync(asked, prompt, format, cancellationToken);
        foreach (var piece in pieces)
        {
            yield return Update(new TextContent(piece), null);
        }

        var (input, output) = (Tokens(prompt.Sum(message => message.Contents.OfType<TextContent>().Sum(part => part.Text.Length))), Tokens(pieces.Sum(piece => piece.Length)));
        yield return Update(new UsageContent(new UsageDetails { InputTokenCount = input, OutputTokenCount = output, TotalTokenCount = input + output }), ChatFinishReason.Stop);
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null : serviceType == typeof(ChatClientMetadata) ? Metadata : serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // The timer's thread lives as long as the process, like the client.
    }

    private async Task AnswerTimeAsync(long asked, IReadOnlyList<ChatMessage> prompt, ChatResponseFormatJson? format, CancellationToken cancellationToken)
    {
        var latency = _timer is null ? TimeSpan.Zero : BookLatency.Of(format?.SchemaName, format is null ? SimulatedPrompt.Number(prompt, "chapter", "number") : null);
        if (latency > TimeSpan.Zero)
        {
            await _timer!.UntilAsync(asked + (long)(latency.TotalSeconds * Stopwatch.Frequency), cancellationToken);
        }
        else
        {
            // No model answers on its caller's own stack.
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static ChatResponseUpdate Update(AIContent content, ChatFinishReason? end) =>
        new(ChatRole.Assistant, [content]) { ModelId = ModelId, FinishReason = end };

    private static long Tokens(int characters) => characters / CharactersPerToken;
}
