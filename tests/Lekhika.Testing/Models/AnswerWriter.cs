using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Lekhika.Testing.Models;

/// <summary>Writes an answer with what shall go wrong with it.</summary>
internal sealed class AnswerWriter(HttpContext context, CompletionAnswer answer)
{
    /// <summary>The text in the pieces that are streamed.</summary>
    public IReadOnlyList<AnswerPiece> Pieces { get; } = answer.Pieces ?? [.. answer.Text.Chunk(1_000).Select(text => new AnswerPiece(new string(text)))];

    /// <summary>A server on a port of 127.0.0.1 without anything.</summary>
    public static WebApplication Server(int port = 0)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}");
        builder.Services.AddRoutingCore();
        return builder.Build();
    }

    /// <summary>The delay, the error, the hang or the nonsense that the answer begins with.</summary>
    /// <returns>Whether the answer itself is to be written.</returns>
    public async Task<bool> BeginAsync(string contentType, string error)
    {
        if (answer.Delay > TimeSpan.Zero)
        {
            await Task.Delay(answer.Delay, context.RequestAborted);
        }

        if (answer.Fault == ServerFault.Hang)
        {
            await StopAsync();
        }

        context.Response.StatusCode = answer.Status;
        if (answer.Status != StatusCodes.Status200OK)
        {
            context.Response.Headers.RetryAfter = answer.RetryAfter;
            context.Response.Headers.Location = answer.Location;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(error, context.RequestAborted);
            return false;
        }

        context.Response.ContentType = contentType;
        if (answer.Fault == ServerFault.WrongJson)
        {
            await SendAsync(contentType == "text/event-stream" ? "event: message_start\ndata: {\"id\": oops\n\n" : "{\"id\": oops");
            return false;
        }

        if (answer.Fault == ServerFault.EndlessLine)
        {
            await SendAsync(contentType == "text/event-stream" ? "data: " : "{\"id\":\"");
            while (true)
            {
                await SendAsync(new string('x', 100_000));
            }
        }

        return true;
    }

    /// <summary>Before each piece: its pause, or in the middle of the text the end of the answer.</summary>
    /// <param name="error">What is sent for an error inside the stream.</param>
    /// <returns>Whether the rest is to be written.</returns>
    public async Task<bool> BeforeAsync(int index, string error)
    {
        if (Pieces[index].After > TimeSpan.Zero)
        {
            await Task.Delay(Pieces[index].After, context.RequestAborted);
        }

        if (index != Pieces.Count / 2)
        {
            return true;
        }

        switch (answer.Fault)
        {
            case ServerFault.Stall:
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await StopAsync();
                return false;
            case ServerFault.Cut:
                await context.Response.Body.FlushAsync(context.RequestAborted);
                context.Abort();
                return false;
            case ServerFault.EndEarly:
                return false;
            case ServerFault.ErrorInside:
                await SendAsync(error);
                return false;
            default:
                return true;
        }
    }

    public async Task SendAsync(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (answer.Fault != ServerFault.ByteByByte)
        {
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
            return;
        }

        for (var at = 0; at < bytes.Length; at++)
        {
            await context.Response.Body.WriteAsync(bytes.AsMemory(at, 1), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    private Task StopAsync()
    {
        answer.Stopped?.Invoke();
        return Task.Delay(Timeout.Infinite, context.RequestAborted);
    }
}
