using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Lekhika.Core;
using Lekhika.Core.Workflows;
using Lekhika.Worker.Ai.Batches;
using Lekhika.Worker.Ai.Calls;
using Lekhika.Worker.Ai.Routing;
using Lekhika.Worker.Nodes;
using Lekhika.Worker.Prompts;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Ai;

/// <summary>How nodes ask models: structured data by JSON schema in calls of its own, prose streamed as plain text.</summary>
internal sealed class NodeModels(ModelRouter router, BatchLane lane)
{
    /// <summary>Most bytes of one answer in UTF-8; a longer one ends the call.</summary>
    private const int MaxAnswer = 1_000_000;

    /// <summary>A token is about three quarters of an English word, and less of others; models that think spend some on that.</summary>
    private const double TokensPerWord = 2.5;

    private const int LeastTokens = 16_000;

    /// <summary>How much more room a structure has that was cut at our limit: a model that thinks may have spent all of it on that.</summary>
    private const int MoreRoom = 4;

    /// <summary>Between the seeds of two generations, so that a deterministic author does not repeat what was sent back.</summary>
    private const long SeedStep = 1_000_003;

    private static readonly ConcurrentDictionary<Type, JsonElement> Schemas = new();
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// Asks for a <typeparamref name="T"/>. One that was cut at a limit of ours is asked for once more with more room. An answer that is not of its shape is given back once to be put into it; one that is still not, or that
    /// <paramref name="check"/> refuses, is a fault that another try may mend.
    /// </summary>
    /// <param name="words">About how long the answer will be.</param>
    public async Task<DataResult> AskAsync<T>(
        StepContext context, string kind, int words, Func<ModelTask, ModelTask> materials, CancellationToken cancellationToken, Func<T, T>? check = null)
    {
        var schema = Schemas.GetOrAdd(typeof(T), static type => AIJsonUtilities.CreateJsonSchema(type, serializerOptions: Json.Options));
        var format = ChatResponseFormat.ForJsonSchema(schema, kind);
        var answer = await CallAsync(context, kind, words, materials, format, cancellationToken);
        if (answer.IsCut && context.Node.Data.MaxTokens is null)
        {
            var whole = await CallAsync(context, kind, words, materials, format, cancellationToken, room: MoreRoom);
            answer = whole with { Use = answer.Use + whole.Use };
        }

        try
        {
            return Read(answer, kind, check);
        }
        catch (JsonException error)
        {
            var repaired = await CallAsync(context, kind, words, task => task.WithAnswer(answer.Text, Where(error)), format, cancellationToken);
            try
            {
                return Read(repaired with { Use = answer.Use + repaired.Use }, kind, check);
            }
            catch (JsonException again)
            {
                throw StepFault.InvalidAnswer($"The model's answer is not the {kind} that was asked for ({Where(again)}).", again);
            }
        }
    }

    /// <summary>Asks for prose of about so many words; its pieces go to <see cref="StepContext.OnText"/> as they come.</summary>
    /// <param name="isFirst">Whether it is the chapter's first call: that of an economy run may wait for a batch, or have been answered in one.</param>
    /// <exception cref="CallParkedException">It waits for a batch.</exception>
    public Task<Answer> WriteAsync(StepContext context, int words, bool isFirst, Func<ModelTask, ModelTask> materials, CancellationToken cancellationToken) =>
        CallAsync(context, OutputKinds.Chapter, words, materials, ChatResponseFormat.Text, cancellationToken, isFirst);

    private async Task<Answer> CallAsync(
        StepContext context, string kind, int words, Func<ModelTask, ModelTask> materials, ChatResponseFormat format, CancellationToken cancellationToken, bool mayWait = false, int room = 1)
    {
        var options = new ChatOptions
        {
            Seed = context.State.Brief.Seed + (SeedStep * (context.Step.Generation - 1)),
            // Some models take none: only what the engine says is sent.
            Temperature = context.Node.Data.Temperature,
            MaxOutputTokens = context.Node.Data.MaxTokens ?? room * Math.Max(LeastTokens, (int)(words * TokensPerWord)),
            ResponseFormat = format,
        }.With(new ModelCall(context.State.Lease, context.Step, context.Role.Key, kind, context.Node.Data.SelectedModels ?? [], context.Calls) { Prompt = context.State.Prompts.Version(context.Node, kind) });
        var messages = materials(PromptBook.Task(context, kind)).WithFeedback(context.Fault, context.Regeneration?.Guidance).Messages;
        if (mayWait && await lane.AskAsync(context, messages, options, cancellationToken) is { } answered)
        {
            return await ReadAsync(answered, context.OnText, cancellationToken);
        }

        return await ReadAsync(router.GetStreamingResponseAsync(messages, options, cancellationToken), format == ChatResponseFormat.Text ? context.OnText : null, cancellationToken);
    }

    /// <exception cref="JsonException">It has another shape.</exception>
    private static DataResult Read<T>(Answer answer, string kind, Func<T, T>? check)
    {
        if (answer.IsCut)
        {
            throw StepFault.InvalidAnswer($"The model's {kind} was cut off at its limit.");
        }

        var value = Json.Read<T>(Object(answer.Text));
        var content = Json.Write(check is null ? value : check(value));
        return content.Contains("\\u0000", StringComparison.Ordinal)
            ? throw StepFault.InvalidAnswer($"The model's {kind} has characters that no text has (U+0000).")
            : new DataResult(kind, content, answer.Use);
    }

    /// <summary>The object of an answer around which a model has put a fence or a greeting.</summary>
    private static string Object(string answer) =>
        answer.IndexOf('{', StringComparison.Ordinal) is var first and >= 0 && answer.LastIndexOf('}') is var last && last > first ? answer[first..(last + 1)] : answer;

    private static string Where(JsonException error) => error.Path ?? "not JSON";

    private static async Task<Answer> ReadAsync(
        IAsyncEnumerable<ChatResponseUpdate> updates, Func<string, CancellationToken, ValueTask>? onText, CancellationToken cancellationToken)
    {
        var text = new List<string>();
        var bytes = 0;
        var (model, finish, usage) = ((string?)null, (ChatFinishReason?)null, new UsageDetails());
        await foreach (var update in updates.WithCancellation(cancellationToken))
        {
            var piece = update.Text;
            text.Add(piece);
            bytes += Encoding.UTF8.GetByteCount(piece);
            model = update.ModelId ?? model;
            finish = update.FinishReason ?? finish;
            foreach (var content in update.Contents.OfType<UsageContent>())
            {
                usage.Add(content.Details);
            }

            if (bytes > MaxAnswer)
            {
                throw StepFault.InvalidAnswer($"The model's answer is longer than {MaxAnswer} bytes.");
            }

            if (onText is not null && piece.Length > 0)
            {
                await onText(piece, cancellationToken);
            }
        }

        if (finish == ChatFinishReason.ContentFilter)
        {
            throw StepFault.Withheld();
        }

        var answer = string.Concat(CollectionsMarshal.AsSpan(text));
        return IsText(answer)
            ? new Answer(answer, new ModelUse(model, usage.InputTokenCount ?? 0, usage.OutputTokenCount ?? 0), finish == ChatFinishReason.Length)
            : throw StepFault.InvalidAnswer("The model's answer has characters that no text has (U+0000 or half a surrogate pair).");
    }

    /// <summary>Whether the database can store it: no NUL, and every surrogate has its other half.</summary>
    public static bool IsText(string answer)
    {
        try
        {
            return Strict.GetByteCount(answer) >= 0 && !answer.Contains('\0', StringComparison.Ordinal);
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }

    /// <summary>An answer and what it used.</summary>
    /// <param name="IsCut">It ended at the model's limit, not where it would have.</param>
    internal sealed record Answer(string Text, ModelUse Use, bool IsCut);
}
