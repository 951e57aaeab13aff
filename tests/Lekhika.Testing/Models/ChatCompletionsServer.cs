using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Lekhika.Testing.Models;

/// <summary>
/// A model behind real HTTP: speaks OpenAI's chat completions, streamed
/// (https://platform.openai.com/docs/api-reference/chat/streaming), answers what it is told to and keeps every request.
/// </summary>
public sealed class ChatCompletionsServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<CompletionRequest> _requests = new();

    private ChatCompletionsServer(WebApplication app, Func<CompletionRequest, CompletionAnswer> answer)
    {
        _app = app;
        app.MapPost("/v1/chat/completions", async context =>
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            var request = new CompletionRequest(body.RootElement.Clone(), context.Request.Headers.Authorization.ToString());
            _requests.Enqueue(request);
            await WriteAsync(context, request, answer(request));
        });
    }

    /// <summary>The value for <c>LEKHIKA_OPENAI_BASE_URL</c>.</summary>
    public string BaseUrl => $"{_app.Urls.Single()}/v1";

    /// <summary>Every request so far, in the order of arrival.</summary>
    public IReadOnlyList<CompletionRequest> Requests => [.. _requests];

    /// <summary>Starts on a port of 127.0.0.1; 0: a free one.</summary>
    public static async Task<ChatCompletionsServer> StartAsync(Func<CompletionRequest, CompletionAnswer> answer, int port = 0)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}");
        builder.Services.AddRoutingCore();
        var server = new ChatCompletionsServer(builder.Build(), answer);
        await server._app.StartAsync();
        return server;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static async Task WriteAsync(HttpContext context, CompletionRequest request, CompletionAnswer answer)
    {
        if (answer.Delay > TimeSpan.Zero)
        {
            await Task.Delay(answer.Delay, context.RequestAborted);
        }

        context.Response.StatusCode = answer.Status;
        if (answer.Status != StatusCodes.Status200OK)
        {
            await context.Response.WriteAsync("""{"error":{"message":"The server says no to key sk-secret.","type":"error"}}""", context.RequestAborted);
            return;
        }

        context.Response.ContentType = "text/event-stream";
        await WriteAsync(context, request, new { delta = new { role = "assistant", content = "" }, index = 0 });
        foreach (var piece in answer.Pieces ?? [.. answer.Text.Chunk(1_000).Select(text => new AnswerPiece(new string(text)))])
        {
            if (piece.After > TimeSpan.Zero)
            {
                await Task.Delay(piece.After, context.RequestAborted);
            }

            await WriteAsync(context, request, new { delta = new { content = piece.Text }, index = 0 });
        }

        await WriteAsync(context, request, new { delta = new { }, index = 0, finish_reason = answer.FinishReason });
        var usage = new { prompt_tokens = request.Text.Length / 4, completion_tokens = answer.Text.Length / 4, total_tokens = (request.Text.Length + answer.Text.Length) / 4 };
        await WriteAsync(context, request, null, usage);
        await context.Response.WriteAsync("data: [DONE]\n\n", context.RequestAborted);
        answer.Sent?.Invoke();
    }

    private static Task WriteAsync(HttpContext context, CompletionRequest request, object? choice, object? usage = null) =>
        context.Response.WriteAsync(
            "data: " + JsonSerializer.Serialize(new
            {
                id = "chatcmpl-1",
                @object = "chat.completion.chunk",
                created = 1_700_000_000,
                model = request.Model,
                choices = choice is null ? [] : new[] { choice },
                usage,
            }) + "\n\n",
            context.RequestAborted);
}
