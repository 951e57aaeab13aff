using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace Lekhika.Api.Events;

/// <summary>
/// Writes server-sent events (WHATWG HTML, section 9.2). The framework's formatter knows no comments, and a heartbeat must be one: an
/// empty event would be handed to the client's program. Nothing is kept back: what is not written waits in the journal.
/// </summary>
internal sealed class ServerSentText(HttpResponse response, JsonSerializerOptions json)
{
    /// <summary>After a broken stream clients wait this long, in milliseconds.</summary>
    private const int Retry = 2_000;

    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        // For proxies that would gather an answer before they hand it on.
        response.Headers["X-Accel-Buffering"] = "no";
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        Write($"retry: {Retry}\n\n");
        await FlushAsync(cancellationToken);
    }

    /// <param name="id">Null leaves the client's last id as it is.</param>
    public void Event<T>(string type, T data, long? id = null) => Raw(type, JsonSerializer.Serialize(data, json), id);

    /// <param name="line">JSON without line breaks.</param>
    public void Raw(string type, string line, long? id = null) => Write($"{(id is null ? "" : $"id: {id}\n")}event: {type}\ndata: {line}\n\n");

    public void Heartbeat() => Write(": alive\n\n");

    public async Task FlushAsync(CancellationToken cancellationToken) => await response.BodyWriter.FlushAsync(cancellationToken);

    private void Write(string text) => Encoding.UTF8.GetBytes(text, response.BodyWriter);
}
