using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Lekhika.Testing.Otlp;

namespace Lekhika.AppHost.Tests.Whole;

/// <summary>The whole way, as a client goes it: from the AppHost to six files, in one trace.</summary>
public sealed class BookTests : IAsyncLifetime
{
    private const int Chapters = 3;
    private static readonly string[] Formats = ["pdf", "docx", "epub", "html", "md", "txt"];

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new();
    private OtlpSink _sink = null!;
    private AppHostProcess _appHost = null!;

    public async Task InitializeAsync()
    {
        _sink = await OtlpSink.StartAsync();
        _appHost = await AppHostProcess.StartAsync(_folder, $"--ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL={_sink.Endpoint}");
        await _appHost.ReadyAsync();
        _client.BaseAddress = new Uri((await _appHost.ResourceAsync("api")).GetProperty("urls")[0].GetString()!);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _appHost.DisposeAsync();
        await _sink.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_submitted_brief_becomes_six_files_in_one_trace()
    {
        var (userEngineId, executionId) = await SubmitAsync();

        var done = await UntilEndedAsync(executionId);

        done.GetProperty("status").GetString().ShouldBe("completed", done.ToString());
        var files = done.GetProperty("result").GetProperty("formats");
        foreach (var format in Formats)
        {
            var file = files.GetProperty(format);
            file.GetProperty("status").GetString().ShouldBe("succeeded", file.ToString());
            using var answer = await _client.GetAsync(file.GetProperty("url").GetString());
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            (await answer.Content.ReadAsByteArrayAsync()).LongLength.ShouldBe(file.GetProperty("bytes").GetInt64());
            answer.Content.Headers.ContentDisposition?.FileNameStar.ShouldBe($"The-Glass-Marsh.{format}");
        }

        await ShouldBeOneTraceAsync(userEngineId);
    }

    private async Task ShouldBeOneTraceAsync(string userEngineId)
    {
        // The spans of the last format arrive last.
        var spans = await _sink.Spans.WaitForAsync(
            all => all.Count(span => span.Name.StartsWith("export ", StringComparison.Ordinal)) == Formats.Length && all.Any(span => span.Name == "run"), TimeSpan.FromSeconds(20));
        var request = spans.Single(span => span.ServiceName == "api" && span.Name.StartsWith("POST", StringComparison.Ordinal) && span["url.path"] == $"/engines-api/{userEngineId}/execute");
        request["http.response.status_code"].ShouldBe("202");
        request["http.route"].ShouldNotBeNull();
        var trace = spans.Where(span => span.TraceId == request.TraceId).ToList();

        var run = trace.Single(span => span is { Name: "run", ServiceName: "worker" });
        run.ParentSpanId.ShouldBe(request.SpanId);
        var nodes = trace.Where(span => span.Name.StartsWith("node ", StringComparison.Ordinal)).ToList();
        nodes.ShouldAllBe(span => span.ParentSpanId == run.SpanId);
        nodes.Select(span => $"{span["lekhika.node.type"]} {span["lekhika.node.role"]} {span["lekhika.chapter.number"]}".Trim()).Order().ShouldBe(
        [
            "input story_input", "output multi_format_output", "process content_writer 1", "process content_writer 2", "process content_writer 3",
            "process end_to_end_polisher", "process narrative_architect", "process story_outliner",
        ]);

        var calls = trace.Where(span => span["gen_ai.operation.name"] == "chat").ToList();
        calls.Count.ShouldBe(3 + Chapters);
        calls.ShouldAllBe(span => nodes.Any(node => node.SpanId == span.ParentSpanId));
        calls.ShouldAllBe(span => span["gen_ai.provider.name"] == "offline" && span["gen_ai.response.model"] == "offline-author" && span["gen_ai.usage.output_tokens"] != null);

        foreach (var service in new[] { "api", "worker", "exporter" })
        {
            trace.ShouldContain(span => span.ServiceName == service && span.Source == "Npgsql", $"the {service}'s database calls");
        }

        trace.Where(span => span.Name.StartsWith("export ", StringComparison.Ordinal)).Select(span => span["lekhika.export.format"]).Order()
            .ShouldBe(Formats.Order());
        trace.ShouldNotContain(span => span.Attributes.Values.Any(value => (value as string ?? "").Contains("glassblower's apprentice", StringComparison.Ordinal)), "prompts stay out of traces");

        var secrets = JsonElement.Parse(await File.ReadAllTextAsync(_folder["data/secrets.json"])).EnumerateObject().Select(secret => secret.Value.GetString()!).ToList();
        spans.ShouldContain(span => span.ServiceName == "migrator" && span.Source == "Npgsql");
        spans.ShouldNotContain(span => span.Attributes.Values.OfType<string>().Any(text => secrets.Exists(secret => text.Contains(secret, StringComparison.Ordinal))), "passwords stay out of traces");
    }

    private async Task<(string UserEngineId, string ExecutionId)> SubmitAsync()
    {
        var account = await SendAsync(HttpMethod.Post, "/v1/auth/register", new { email = "reader@example.org", password = "a long enough password", fullName = "A Reader" });
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", account.GetProperty("accessToken").GetString());
        var key = await SendAsync(HttpMethod.Post, "/v1/keys", new { name = "test" });
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.GetProperty("key").GetString());
        var engines = await SendAsync(HttpMethod.Get, "/engines-api/list");
        var engine = engines.GetProperty("data").GetProperty("engines")[0].GetProperty("id").GetString()!;
        var accepted = await SendAsync(HttpMethod.Post, $"/engines-api/{engine}/execute", new
        {
            userInput = new { book_title = "The Glass Marsh", genre = "fantasy", premise = "A glassblower's apprentice crosses the marsh.", chapter_count = Chapters, word_count = 1500, output_formats = Formats },
        });
        return (engine, accepted.GetProperty("data").GetProperty("executionId").GetString()!);
    }

    private async Task<JsonElement> UntilEndedAsync(string executionId)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var run = (await SendAsync(HttpMethod.Get, $"/engines-api/executions/{executionId}")).GetProperty("data");
            if (run.GetProperty("status").GetString() is "completed" or "failed")
            {
                return run;
            }

            await Task.Delay(100, patience.Token);
        }
    }

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await _client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue($"{method} {path}: {(int)answer.StatusCode} {text}");
        return JsonElement.Parse(text);
    }
}
