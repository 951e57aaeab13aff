using System.Collections.Concurrent;
using System.Text.Json;
using Lekhika.Testing.Models.Batches;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Lekhika.Testing.Models;

/// <summary>
/// A model behind real HTTP: speaks OpenAI's chat completions, streamed
/// (https://platform.openai.com/docs/api-reference/chat/streaming), embeddings, images and moderations; answers what it is told to and keeps every request.
/// </summary>
public sealed class ChatCompletionsServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<CompletionRequest> _requests = new();
    private readonly OpenAiBatchRoutes _routes;

    private ChatCompletionsServer(WebApplication app, Func<CompletionRequest, CompletionAnswer> answer)
    {
        _app = app;
        // The second is where Gemini has it (https://ai.google.dev/gemini-api/docs/openai).
        foreach (var path in new[] { "/v1/chat/completions", "/v1beta/openai/chat/completions" })
        {
            app.MapPost(path, async context =>
            {
                var request = await ReadAsync(context);
                await (request.IsStreamed ? WriteAsync(context, request, answer(request)) : WriteWholeAsync(context, Whole(request, answer(request))));
            });
        }

        _routes = new OpenAiBatchRoutes(Batches, answer);
        _routes.Map(app);
        app.MapPost("/v1/embeddings", async context => await WriteWholeAsync(context, answer(await ReadAsync(context))));
        app.MapPost("/v1/moderations", async context => await WriteWholeAsync(context, answer(await ReadAsync(context))));
        app.MapPost("/v1/images/generations", async context => await WriteWholeAsync(context, answer(await ReadAsync(context))));
    }

    /// <summary>The value for <c>LEKHIKA_OPENAI_BASE_URL</c>.</summary>
    public string BaseUrl => $"{_app.Urls.Single()}/v1";

    /// <summary>The value for <c>LEKHIKA_GOOGLE_BASE_URL</c>.</summary>
    public string GoogleBaseUrl => $"{_app.Urls.Single()}/v1beta/openai/";

    /// <summary>Its batches; their lines are not among <see cref="Requests"/>.</summary>
    public ServedBatches Batches { get; } = new();

    /// <summary>Files of batches that it keeps.</summary>
    public int Files => _routes.Files;

    /// <summary>Every request so far, in the order of arrival.</summary>
    public IReadOnlyList<CompletionRequest> Requests => [.. _requests];

    /// <summary>Starts on a port of 127.0.0.1; 0: a free one.</summary>
    public static async Task<ChatCompletionsServer> StartAsync(Func<CompletionRequest, CompletionAnswer> answer, int port = 0)
    {
        var server = new ChatCompletionsServer(AnswerWriter.Server(port), answer);
        await server._app.StartAsync();
        return server;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static async Task WriteAsync(HttpContext context, CompletionRequest request, CompletionAnswer answer)
    {
        var writer = new AnswerWriter(context, answer);
        if (!await writer.BeginAsync("text/event-stream", Error(answer)))
        {
            return;
        }

        await writer.SendAsync(Chunk(request, new { delta = new { role = "assistant", content = "" }, index = 0 }));
        if (answer.Refusal is { } refusal)
        {
            await writer.SendAsync(Chunk(request, new { delta = new { refusal }, index = 0 }));
        }

        for (var index = 0; index < writer.Pieces.Count; index++)
        {
            if (!await writer.BeforeAsync(index, $"data: {Error(answer)}\n\n"))
            {
                return;
            }

            await writer.SendAsync(Chunk(request, new { delta = new { content = writer.Pieces[index].Text }, index = 0 }, answer.CountsAsItGoes ? Counts(request, answer) : null));
        }

        await writer.SendAsync(Chunk(request, new { delta = new { }, index = 0, finish_reason = answer.FinishReason }));
        await writer.SendAsync(Chunk(request, null, Counts(request, answer)));
        await writer.SendAsync("data: [DONE]\n\n");
        answer.Sent?.Invoke();
    }

    private static async Task WriteWholeAsync(HttpContext context, CompletionAnswer answer)
    {
        var writer = new AnswerWriter(context, answer);
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

    private static string Error(CompletionAnswer answer) =>
        JsonSerializer.Serialize(new { error = new { message = "The server says no to key sk-secret.", type = "error", param = answer.ErrorParameter, code = answer.ErrorCode } });

    /// <summary>The answer whose text is the body of one that is not streamed.</summary>
    private static CompletionAnswer Whole(CompletionRequest request, CompletionAnswer answer) => answer with
    {
        Pieces = null,
        Text = JsonSerializer.Serialize(new
        {
            id = "chatcmpl-1",
            @object = "chat.completion",
            created = 1_700_000_000,
            model = request.Model,
            choices = new[] { new { index = 0, message = new { role = "assistant", content = answer.Text, refusal = answer.Refusal }, finish_reason = answer.FinishReason } },
            usage = Counts(request, answer),
        }),
    };

    private static object Counts(CompletionRequest request, CompletionAnswer answer)
    {
        var usage = answer.Usage ?? new AnswerUsage(request.Text.Length / 4, answer.Text.Length / 4);
        return new
        {
            prompt_tokens = usage.Input,
            completion_tokens = usage.Output,
            total_tokens = usage.Input + usage.Output,
            prompt_tokens_details = new { cached_tokens = usage.Cached },
            completion_tokens_details = new { reasoning_tokens = usage.Reasoning },
        };
    }

    private static string Chunk(CompletionRequest request, object? choice, object? usage = null) =>
        "data: " + JsonSerializer.Serialize(new
        {
            id = "chatcmpl-1",
            @object = "chat.completion.chunk",
            created = 1_700_000_000,
            model = request.Model,
            choices = choice is null ? [] : new[] { choice },
            usage,
        }) + "\n\n";

    private async Task<CompletionRequest> ReadAsync(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        var request = new CompletionRequest(body.RootElement.Clone(), context.Request.Headers.Authorization.ToString()) { Path = context.Request.Path };
        _requests.Enqueue(request);
        return request;
    }
}
