using System.Collections.Concurrent;
using System.Text.Json;
using Lekhika.Testing.Models.Batches;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Lekhika.Testing.Models;

/// <summary>
/// A model behind real HTTP: speaks Anthropic's messages, plain and streamed (https://docs.anthropic.com/en/api/messages-streaming),
/// answers what it is told to and keeps every request.
/// </summary>
public sealed class AnthropicServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<MessageRequest> _requests = new();

    private AnthropicServer(WebApplication app, Func<MessageRequest, CompletionAnswer> answer)
    {
        _app = app;
        new AnthropicBatchRoutes(Batches, answer, Whole).Map(app);
        app.MapPost("/v1/messages", async context =>
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            var headers = context.Request.Headers;
            var key = headers["x-api-key"].ToString() is { Length: > 0 } own ? own : headers.Authorization.ToString().Split(' ')[^1];
            var request = new MessageRequest(body.RootElement.Clone(), key, headers["anthropic-version"].ToString());
            _requests.Enqueue(request);
            await (request.IsStreamed ? StreamAsync(context, request, answer(request)) : WriteAsync(context, request, answer(request)));
        });
    }

    /// <summary>The address before <c>/v1/messages</c>.</summary>
    public string BaseUrl => _app.Urls.Single();

    /// <summary>Its batches; their lines are not among <see cref="Requests"/>.</summary>
    public ServedBatches Batches { get; } = new();

    /// <summary>Every request so far, in the order of arrival.</summary>
    public IReadOnlyList<MessageRequest> Requests => [.. _requests];

    /// <summary>Starts on a free port of 127.0.0.1.</summary>
    public static async Task<AnthropicServer> StartAsync(Func<MessageRequest, CompletionAnswer> answer)
    {
        var server = new AnthropicServer(AnswerWriter.Server(), answer);
        await server._app.StartAsync();
        return server;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static async Task WriteAsync(HttpContext context, MessageRequest request, CompletionAnswer answer)
    {
        var whole = JsonSerializer.Serialize(Whole(request, answer));
        var writer = new AnswerWriter(context, answer with { Pieces = [.. whole.Chunk(Math.Max(64, whole.Length / 8)).Select(text => new AnswerPiece(new string(text)))] });
        if (!await writer.BeginAsync("application/json", Error(answer)))
        {
            return;
        }

        for (var index = 0; index < writer.Pieces.Count; index++)
        {
            if (!await writer.BeforeAsync(index, Error(answer)))
            {
                return;
            }

            await writer.SendAsync(writer.Pieces[index].Text);
        }

        answer.Sent?.Invoke();
    }

    private static async Task StreamAsync(HttpContext context, MessageRequest request, CompletionAnswer answer)
    {
        var writer = new AnswerWriter(context, answer);
        if (!await writer.BeginAsync("text/event-stream", Error(answer)))
        {
            return;
        }

        var usage = Usage(answer);
        await writer.SendAsync(Event("message_start", new
        {
            type = "message_start",
            message = Message(request, [], null, new
            {
                input_tokens = usage.Input - usage.Cached - usage.CacheWritten,
                cache_read_input_tokens = usage.Cached,
                cache_creation_input_tokens = usage.CacheWritten,
                output_tokens = 1,
            }),
        }));
        await writer.SendAsync(Event("content_block_start", new { type = "content_block_start", index = 0, content_block = new { type = "text", text = "" } }));
        await writer.SendAsync(Event("ping", new { type = "ping" }));
        for (var index = 0; index < writer.Pieces.Count; index++)
        {
            if (!await writer.BeforeAsync(index, Event("error", JsonDocument.Parse(Error(answer)).RootElement)))
            {
                return;
            }

            await writer.SendAsync(Event("content_block_delta", new { type = "content_block_delta", index = 0, delta = new { type = "text_delta", text = writer.Pieces[index].Text } }));
        }

        await writer.SendAsync(Event("content_block_stop", new { type = "content_block_stop", index = 0 }));
        await writer.SendAsync(Event("message_delta", new
        {
            type = "message_delta",
            delta = new { stop_reason = StopReason(answer), stop_sequence = (string?)null },
            usage = new { output_tokens = usage.Output, output_tokens_details = new { thinking_tokens = usage.Reasoning } },
        }));
        await writer.SendAsync(Event("message_stop", new { type = "message_stop" }));
        answer.Sent?.Invoke();
    }

    private static object Whole(MessageRequest request, CompletionAnswer answer)
    {
        var usage = Usage(answer);
        return Message(request, [new { type = "text", text = answer.Text }], StopReason(answer), new
        {
            input_tokens = usage.Input - usage.Cached - usage.CacheWritten,
            cache_read_input_tokens = usage.Cached,
            cache_creation_input_tokens = usage.CacheWritten,
            output_tokens = usage.Output,
            output_tokens_details = new { thinking_tokens = usage.Reasoning },
        });
    }

    private static string Event(string name, object data) => $"event: {name}\ndata: {JsonSerializer.Serialize(data)}\n\n";

    private static object Message(MessageRequest request, object[] content, string? stopReason, object usage) => new
    {
        id = "msg_1",
        type = "message",
        role = "assistant",
        model = request.Model,
        content,
        stop_reason = stopReason,
        stop_sequence = (string?)null,
        usage,
    };

    private static AnswerUsage Usage(CompletionAnswer answer) => answer.Usage ?? new AnswerUsage(answer.Text.Length / 4, answer.Text.Length / 4);

    private static string StopReason(CompletionAnswer answer) => answer switch
    {
        { Refusal: not null } => "refusal",
        { FinishReason: "stop" } => "end_turn",
        { FinishReason: "length" } => "max_tokens",
        { FinishReason: "content_filter" } => "refusal",
        _ => answer.FinishReason,
    };

    private static string Error(CompletionAnswer answer) => JsonSerializer.Serialize(new
    {
        type = "error",
        error = new
        {
            type = answer.ErrorCode ?? answer.Status switch
            {
                401 => "authentication_error",
                403 => "permission_error",
                404 => "not_found_error",
                429 => "rate_limit_error",
                529 => "overloaded_error",
                >= 500 => "api_error",
                _ => "invalid_request_error",
            },
            message = answer.Refusal ?? "The server says no to key sk-secret.",
        },
        request_id = "req_1",
    });
}

/// <summary>What Anthropic's server was asked.</summary>
/// <param name="ApiKey">From <c>x-api-key</c>, or <c>Authorization</c> as newer clients send it.</param>
/// <param name="Version">The header <c>anthropic-version</c>, a date.</param>
public sealed record MessageRequest(JsonElement Body, string ApiKey, string Version)
{
    /// <summary>The model asked for.</summary>
    public string Model => Body.GetProperty("model").GetString()!;

    /// <summary>Whether the answer is to be streamed.</summary>
    public bool IsStreamed => Body.TryGetProperty("stream", out var stream) && stream.GetBoolean();
}
