using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Lekhika.Testing.Models;

/// <summary>A painter behind real HTTP: speaks Stability's REST API v2beta (https://platform.stability.ai/docs/api-reference) and keeps every request.</summary>
public sealed class StabilityServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<PaintRequest> _requests = new();

    private StabilityServer(WebApplication app, Func<PaintRequest, PaintAnswer> answer)
    {
        _app = app;
        app.MapPost("/v2beta/stable-image/generate/{model}", async context =>
        {
            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            var headers = context.Request.Headers;
            var fields = form.ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal);
            var request = new PaintRequest((string)context.Request.RouteValues["model"]!, fields, headers.Authorization.ToString(), headers.Accept.ToString());
            _requests.Enqueue(request);
            await WriteAsync(context, answer(request));
        });
    }

    /// <summary>The address before <c>/v2beta</c>.</summary>
    public string BaseUrl => _app.Urls.Single();

    /// <summary>Every request so far, in the order of arrival.</summary>
    public IReadOnlyList<PaintRequest> Requests => [.. _requests];

    /// <summary>Starts on a free port of 127.0.0.1.</summary>
    public static async Task<StabilityServer> StartAsync(Func<PaintRequest, PaintAnswer> answer)
    {
        var server = new StabilityServer(AnswerWriter.Server(), answer);
        await server._app.StartAsync();
        return server;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static async Task WriteAsync(HttpContext context, PaintAnswer answer)
    {
        context.Response.StatusCode = answer.Status;
        if (answer.Status == StatusCodes.Status200OK)
        {
            context.Response.ContentType = "image/png";
            context.Response.Headers["finish-reason"] = answer.Finish;
            await context.Response.Body.WriteAsync(answer.Image, context.RequestAborted);
            return;
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(
            $$"""{"id":"1","name":"{{answer.ErrorName}}","errors":["The server says no to key sk-secret."]}""", context.RequestAborted);
    }
}

/// <summary>What Stability's server was asked.</summary>
public sealed record PaintRequest(string Model, IReadOnlyDictionary<string, string> Fields, string Authorization, string Accept);

/// <summary>What Stability's server answers.</summary>
/// <param name="Finish">The header <c>finish-reason</c>.</param>
/// <param name="ErrorName">The name of an error.</param>
public sealed record PaintAnswer(byte[] Image, string Finish = "SUCCESS", int Status = 200, string ErrorName = "bad_request");
