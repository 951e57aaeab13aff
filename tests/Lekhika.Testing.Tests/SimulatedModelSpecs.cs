using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Lekhika.Testing.Servers;
using Lekhika.Testing.Simulated;

namespace Lekhika.Testing.Tests;

/// <summary>The simulated model as its callers see it: over HTTP, in a process of its own.</summary>
public sealed class SimulatedModelSpecs : IAsyncLifetime
{
    private static readonly JsonSerializerOptions WithoutNulls = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly TestFolder _folder = TestFolder.Create("model");
    private readonly HttpClient _http = new();
    private SimulatedModelProcess _model = null!;

    public async Task InitializeAsync() => _model = await SimulatedModelProcess.StartAsync(_folder["log"]);

    public async Task DisposeAsync()
    {
        await _model.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_beginning_and_the_rest_that_it_is_asked_for_are_the_whole_chapter_to_the_byte()
    {
        var whole = await AskAsync(Chapter(7));
        whole.Split("\n***\n").Length.ShouldBe(3);

        foreach (var length in new[] { whole.IndexOf("***", StringComparison.Ordinal), whole.LastIndexOf("***", StringComparison.Ordinal) + 5, whole.Length - 1 })
        {
            var written = whole[..length];
            (written + await AskAsync(Chapter(7) + Material("written", new { text = written }))).ShouldBe(whole);
        }

        _model.Requests.Select(request => (request.Kind, request.Chapter, request.Continues, request.Worker, request.FinishedAt > request.At))
            .ShouldBe([("chapter", 7, false, "w1.2", true), .. Enumerable.Repeat<(string, int?, bool, string?, bool)>(("chapter", 7, true, "w1.2", true), 3)]);
    }

    [Fact]
    public async Task What_is_no_beginning_of_the_chapter_is_refused()
    {
        using var answer = await SendAsync(Chapter(7) + Material("written", new { text = "Once upon a time" }), null);

        ((int)answer.StatusCode).ShouldBe(400);
    }

    [Fact]
    public async Task A_caller_that_vanishes_is_logged_without_an_end_and_the_next_one_is_answered()
    {
        using (var client = new System.Net.Sockets.TcpClient())
        {
            await client.ConnectAsync(_model.Address.Host, _model.Address.Port);
            var body = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(Body(Chapter(1), null), WithoutNulls));
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: {body.Length}\r\n\r\n"));
            await client.GetStream().WriteAsync(body);
            await Eventually.TrueAsync(() => Task.FromResult(_model.Requests.Count == 1), "the request is in the log");
        }

        (await AskAsync(Chapter(2))).ShouldBe(SimulatedChapter.Text(2));
        _model.Requests.Select(request => request.FinishedAt is not null).ShouldBe([false, true]);
    }

    [Fact]
    public async Task A_plan_has_the_chapters_of_the_brief_and_any_other_schema_a_value_that_fits_it()
    {
        var outline = await AskAsync(Material("brief", new { chapterCount = 5 }), """{"type":"object"}""", "outline");
        outline.ShouldBe(Runs.ScriptedBook.Plan("outline", 5));

        var verdict = await AskAsync("Is it good?", """
            {"type":"object","required":["passes","reason","score","issues","kind"],"properties":{"passes":{"type":"boolean"},"reason":{"type":["string","null"]},
             "score":{"type":"integer","minimum":1},"issues":{"type":"array","items":{"type":"string"}},"kind":{"enum":["a","b"]},"more":{"type":"string"}}}
            """, "verdict");
        verdict.ShouldBe("""{"passes":false,"reason":"Nothing to add.","score":1,"issues":[],"kind":"a"}""");
    }

    private static string Chapter(int number) => Material("chapter", new { number, title = "Part" });

    private static string Material(string name, object value) => $"<material name=\"{name}\">\n{JsonSerializer.Serialize(value)}\n</material>\n";

    private static object Body(string prompt, (string Name, JsonElement Schema)? format) => new
    {
        model = "quill-1",
        stream = true,
        messages = new[] { new { role = "user", content = prompt } },
        response_format = format is { } asked ? new { type = "json_schema", json_schema = new { name = asked.Name, schema = asked.Schema } } : null,
    };

    private async Task<HttpResponseMessage> SendAsync(string prompt, (string Name, JsonElement Schema)? format)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _model.Address + "/chat/completions")
        {
            Content = JsonContent.Create(Body(prompt, format), options: WithoutNulls),
        };
        request.Headers.Authorization = new("Bearer", "sk-w1.2");
        return await _http.SendAsync(request);
    }

    private async Task<string> AskAsync(string prompt, string? schema = null, string? name = null)
    {
        using var answer = await SendAsync(prompt, schema is null ? null : (name!, JsonElement.Parse(schema)));
        answer.EnsureSuccessStatusCode();
        var events = (await answer.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(line => line["data: ".Length..]).ToList();
        events[^1].ShouldBe("[DONE]");
        return string.Concat(events.SkipLast(1).SelectMany(line => JsonElement.Parse(line).GetProperty("choices").EnumerateArray().ToList())
            .Select(choice => choice.GetProperty("delta").TryGetProperty("content", out var text) ? text.GetString() : ""));
    }
}
