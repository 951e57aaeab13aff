using System.Collections.Concurrent;
using System.Globalization;
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

    /// <summary>Starts on a free port of 127.0.0.1.</summary>
    public static async Task<ChatCompletionsServer> StartAsync(Func<CompletionRequest, CompletionAnswer> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
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
        foreach (var piece in answer.Text.Chunk(1_000))
        {
            await WriteAsync(context, request, new { delta = new { content = new string(piece) }, index = 0 });
        }

        await WriteAsync(context, request, new { delta = new { }, index = 0, finish_reason = answer.FinishReason });
        var usage = new { prompt_tokens = request.Text.Length / 4, completion_tokens = answer.Text.Length / 4, total_tokens = (request.Text.Length + answer.Text.Length) / 4 };
        await WriteAsync(context, request, null, usage);
        await context.Response.WriteAsync("data: [DONE]\n\n", context.RequestAborted);
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

/// <summary>What the server was asked.</summary>
public sealed record CompletionRequest(JsonElement Body, string Authorization)
{
    /// <summary>The model asked for.</summary>
    public string Model => Body.GetProperty("model").GetString()!;

    /// <summary>The name of the JSON schema of the answer; null when prose is asked for.</summary>
    public string? SchemaName => Body.TryGetProperty("response_format", out var format) && format.TryGetProperty("json_schema", out var schema) ? schema.GetProperty("name").GetString() : null;

    /// <summary>All messages, as <c>role: text</c>.</summary>
    public string Text => string.Join('\n', Body.GetProperty("messages").EnumerateArray().Select(message => $"{message.GetProperty("role").GetString()}: {Content(message.GetProperty("content"))}"));

    /// <summary>The chapter asked for, from the prompt's material; null when it is another task.</summary>
    public int? Chapter
    {
        get
        {
            const string fence = "<material name=\"chapter\">\n{\"number\":";
            var text = Text;
            var at = text.IndexOf(fence, StringComparison.Ordinal);
            return at < 0 ? null : int.Parse(text[(at + fence.Length)..].Split(',')[0], CultureInfo.InvariantCulture);
        }
    }

    private static string? Content(JsonElement content) => content.ValueKind == JsonValueKind.String
        ? content.GetString()
        : string.Concat(content.EnumerateArray().Select(part => part.GetProperty("text").GetString()));
}

/// <summary>What the server answers.</summary>
public sealed record CompletionAnswer(string Text, string FinishReason = "stop", int Status = 200, TimeSpan Delay = default);
