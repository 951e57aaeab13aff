using System.Net;

namespace Lekhika.Api.Tests.Events;

/// <summary>An event of a stream; a comment has no name and stands in <see cref="Data"/>.</summary>
internal sealed record SentEvent(string? Id, string? Name, string Data);

/// <summary>A stream of server-sent events, read as a client reads it.</summary>
internal sealed class OpenStream(HttpResponseMessage answer, StreamReader reader) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public HttpResponseMessage Answer => answer;

    public static async Task<OpenStream> OpenAsync(TestClient client, Guid id, string query = "", string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/executions/{id}/events{query}");
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var answer = await client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, answer.StatusCode == HttpStatusCode.OK ? "" : await answer.Content.ReadAsStringAsync());
        return new OpenStream(answer, new StreamReader(await answer.Content.ReadAsStreamAsync()));
    }

    /// <summary>The next event or comment; null at the end of the stream.</summary>
    public async Task<SentEvent?> NextAsync()
    {
        var (id, name, data) = ((string?)null, (string?)null, (string?)null);
        while (await reader.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            switch (line.Split(": ", 2))
            {
                case ["id", var value]:
                    id = value;
                    break;
                case ["event", var value]:
                    name = value;
                    break;
                case ["data", var value]:
                    data = value;
                    break;
                case ["", var comment]:
                    data = comment;
                    break;
                case [""] when data is not null:
                    return new SentEvent(id, name, data);
            }
        }

        return null;
    }

    /// <summary>The names of all that comes until the end.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync()
    {
        var names = new List<string>();
        while (await NextAsync() is { } sent)
        {
            names.Add($"{sent.Id} {sent.Name}".Trim());
        }

        return names;
    }

    public void Dispose()
    {
        reader.Dispose();
        answer.Dispose();
    }
}
