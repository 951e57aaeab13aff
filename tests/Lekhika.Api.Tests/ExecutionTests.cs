using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Lekhika.Testing.Servers;

namespace Lekhika.Api.Tests;

public sealed class ExecutionTests(RunningApi api) : IClassFixture<RunningApi>
{
    private TestDatabase Database => api.Database;

    [Fact]
    public async Task A_queued_run_says_so()
    {
        var client = await api.ClientAsync();
        var id = await client.SubmitAsync();

        var data = await FollowAsync(client, id);

        data.AsObject().Select(member => member.Key).ShouldBe(
            ["executionId", "status", "progress", "currentStep", "words", "chapters", "tokens", "result", "error", "createdAt", "startedAt", "completedAt", "metadata"]);
        ((string)data["executionId"]!).ShouldBe(id.ToString());
        ((string)data["status"]!).ShouldBe("queued");
        ((double)data["progress"]!).ShouldBe(0);
        data["chapters"]!.ToJsonString().ShouldBe("""{"done":0,"total":null}""");
        data["tokens"]!.ToJsonString().ShouldBe("""{"input":0,"output":0}""");
        data["result"]!.ToJsonString().ShouldBe("""{"title":"The Salt Cartographer","book":null,"formats":{}}""");
        data["error"].ShouldBeNull();
        data["startedAt"].ShouldBeNull();
        data["completedAt"].ShouldBeNull();
        ((string)data["createdAt"]!).ShouldEndWith("Z");
        data["metadata"]!.ToJsonString().ShouldBe($$"""{"engineId":"01900000-0000-7000-8000-000000000501","userEngineId":"{{client.EngineId}}","engineName":"Book"}""");
    }

    [Theory]
    [InlineData("queued", "queued")]
    [InlineData("running", "processing")]
    [InlineData("exporting", "processing")]
    [InlineData("stopping", "processing")]
    [InlineData("paused", "paused")]
    [InlineData("completed", "completed")]
    [InlineData("stopped", "stopped")]
    [InlineData("failed", "failed")]
    public async Task States_have_the_words_that_clients_know(string inside, string outside)
    {
        var client = await api.ClientAsync();
        var id = await client.SubmitAsync();
        await Database.ExecuteAsync("UPDATE engine_executions SET status = $2 WHERE id = $1", id, inside);
        ((string)(await FollowAsync(client, id))["status"]!).ShouldBe(outside);
    }

    [Fact]
    public async Task A_book_shows_each_format_of_the_newest_order()
    {
        var client = await api.ClientAsync();
        var id = await client.SubmitAsync();
        await CompileAsync(client, id);
        await ExportAsync(client, id, 1, "pdf", "failed", error: "The page is too small.");
        var file = await ExportAsync(client, id, 2, "pdf", "succeeded", "%PDF-1.7"u8.ToArray());
        await ExportAsync(client, id, 1, "epub", "failed", error: "The cover is missing.");
        await ExportAsync(client, id, 1, "docx", "queued");

        var result = (await FollowAsync(client, id))["result"]!;

        result["book"]!.ToJsonString().ShouldBe("""{"words":1510,"chapters":2,"aiService":"offline"}""");
        ((string)result["title"]!).ShouldBe("The Salt Cartographer, compiled");
        result["formats"]!.AsObject().Select(format => format.Key).ShouldBe(["pdf", "docx", "epub"]);
        var pdf = result["formats"]!["pdf"]!;
        ((string)pdf["status"]!).ShouldBe("succeeded");
        ((string)pdf["url"]!).ShouldBe($"/v1/files/{file}/content");
        ((string)pdf["fileName"]!).ShouldBe("Salz-Kärtchen.pdf");
        ((long)pdf["bytes"]!).ShouldBe(8);
        ((string)pdf["mediaType"]!).ShouldBe("application/pdf");
        ((string)pdf["sha256"]!).ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("%PDF-1.7"u8)));
        pdf["error"].ShouldBeNull();
        ((string)result["formats"]!["epub"]!["error"]!).ShouldBe("The cover is missing.");
        ((string)result["formats"]!["docx"]!["status"]!).ShouldBe("queued");
        (await client.Http.GetAsync((string)pdf["url"]!)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_failed_run_says_why()
    {
        var client = await api.ClientAsync();
        var id = await client.SubmitAsync();
        await Database.ExecuteAsync("""
            UPDATE engine_executions SET status = 'failed', finished_at = now(), error = '{"class": "permanent", "message": "The model refused.", "nodeId": "writer-1"}' WHERE id = $1
            """, id);

        var data = await FollowAsync(client, id);

        data["error"]!.ToJsonString().ShouldBe("""{"class":"permanent","message":"The model refused.","nodeId":"writer-1"}""");
        data["completedAt"].ShouldNotBeNull();
    }

    [Fact]
    public async Task A_client_that_has_this_version_is_told_nothing_new()
    {
        var client = await api.ClientAsync();
        var id = await client.SubmitAsync();
        using var first = await client.Http.GetAsync($"/engines-api/executions/{id}");
        var tag = first.Headers.ETag!;
        tag.IsWeak.ShouldBeTrue();

        using var same = await IfNoneMatchAsync(client, id, tag);
        same.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        same.Headers.ETag.ShouldBe(tag);
        (await same.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();

        // A lease that was renewed is no news.
        await Database.ExecuteAsync("UPDATE engine_executions SET status = 'running', lease_owner = 'w', lease_until = now() WHERE id = $1", id);
        using var running = await IfNoneMatchAsync(client, id, tag);
        running.StatusCode.ShouldBe(HttpStatusCode.OK);
        await Database.ExecuteAsync("UPDATE engine_executions SET lease_until = now() + interval '1 minute' WHERE id = $1", id);
        using var renewed = await IfNoneMatchAsync(client, id, running.Headers.ETag!);
        renewed.StatusCode.ShouldBe(HttpStatusCode.NotModified);

        await ExportAsync(client, id, 1, "txt", "queued");
        using var changed = await IfNoneMatchAsync(client, id, running.Headers.ETag!);
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        changed.Headers.ETag.ShouldNotBe(running.Headers.ETag);
    }

    [Fact]
    public async Task Somebody_elses_run_is_not_found()
    {
        var client = await api.ClientAsync();
        var id = await client.SubmitAsync();
        var other = await api.ClientAsync();
        foreach (var asked in new[] { id, Guid.NewGuid() })
        {
            using var answer = await other.Http.GetAsync($"/engines-api/executions/{asked}");
            await answer.EnvelopeErrorAsync(404, "execution_not_found");
        }
    }

    [Fact]
    public async Task Runs_are_listed_page_by_page_the_newest_first_without_a_gap()
    {
        var client = await api.ClientAsync();
        await (await api.ClientAsync()).SubmitAsync();
        var ids = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await client.SubmitAsync());
        }

        // At the same instant the id decides.
        await Database.ExecuteAsync("UPDATE engine_executions SET created_at = '2026-11-21T07:00:00.123456Z' WHERE user_id = $1", client.User.Id);
        var listed = new List<Guid>();
        string? cursor = null;
        do
        {
            using var answer = await client.Http.GetAsync($"/engines-api/executions?limit=2{(cursor is null ? "" : "&cursor=" + cursor)}");
            var page = (await answer.JsonAsync())["data"]!;
            listed.AddRange(page["executions"]!.AsArray().Select(run => Guid.Parse((string)run!["executionId"]!)));
            cursor = (string?)page["nextCursor"];
        }
        while (cursor is not null);

        listed.ShouldBe(Enumerable.Reverse(ids));
    }

    [Fact]
    public async Task Engines_are_listed_and_shown_without_prompts_and_only_to_their_owner()
    {
        var client = await api.ClientAsync();
        using var list = await client.Http.GetAsync("/engines-api/list");
        var engine = (await list.JsonAsync())["data"]!["engines"]!.AsArray().ShouldHaveSingleItem()!;
        ((string)engine["id"]!).ShouldBe(client.EngineId.ToString());
        ((string)engine["key"]!).ShouldBe("book");
        ((string)engine["name"]!).ShouldBe("Book");

        using var one = await client.Http.GetAsync($"/engines-api/{client.EngineId}");
        var details = (await one.JsonAsync())["data"]!["engine"]!;
        details["faults"]!.AsArray().ShouldBeEmpty();
        details["nodes"]!.AsArray().Select(node => (string)node!["role"]!).ShouldContain("content_writer");

        using var other = await (await api.ClientAsync()).Http.GetAsync($"/engines-api/{client.EngineId}");
        await other.EnvelopeErrorAsync(404, "engine_not_found");
    }

    [Fact]
    public async Task A_file_is_downloaded_under_its_own_name()
    {
        var client = await api.ClientAsync();
        var content = Content(1_300_000);
        var file = await ExportAsync(client, await client.SubmitAsync(), 1, "pdf", "succeeded", content);

        foreach (var bearer in new[] { client.Key, client.User.AccessToken })
        {
            using var http = api.Client(bearer);
            using var answer = await http.GetAsync($"/v1/files/{file}/content");

            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            (await answer.Content.ReadAsByteArrayAsync()).ShouldBe(content);
            answer.Content.Headers.ContentLength.ShouldBe(content.Length);
            answer.Content.Headers.ContentType!.ToString().ShouldBe("application/pdf");
            answer.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
            answer.Content.Headers.ContentDisposition.FileNameStar.ShouldBe("Salz-Kärtchen.pdf");
            answer.Headers.ETag!.Tag.ShouldBe($"\"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content))}\"");
            answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(524_280, 524_300)]
    [InlineData(1_299_999, 1_299_999)]
    [InlineData(0, 1_299_999)]
    public async Task A_part_of_a_file_is_downloaded(int from, int to)
    {
        var client = await api.ClientAsync();
        var content = Content(1_300_000);
        var file = await ExportAsync(client, await client.SubmitAsync(), 1, "pdf", "succeeded", content);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/files/{file}/content") { Headers = { Range = new RangeHeaderValue(from, to) } };

        using var answer = await client.Http.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBe(content[from..(to + 1)]);
    }

    [Fact]
    public async Task A_file_that_the_client_has_is_not_sent_again()
    {
        var client = await api.ClientAsync();
        var file = await ExportAsync(client, await client.SubmitAsync(), 1, "pdf", "succeeded", Content(10));
        using var first = await client.Http.GetAsync($"/v1/files/{file}/content");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/files/{file}/content") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var second = await client.Http.SendAsync(request);
        second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task Somebody_elses_file_is_not_found()
    {
        var client = await api.ClientAsync();
        var file = await ExportAsync(client, await client.SubmitAsync(), 1, "pdf", "succeeded", Content(10));
        var other = await api.ClientAsync();
        foreach (var asked in new[] { file, Guid.NewGuid() })
        {
            using var answer = await other.Http.GetAsync($"/v1/files/{asked}/content");
            await answer.ProblemAsync(404, "file_not_found");
        }

        using var anonymous = await api.Anonymous.GetAsync($"/v1/files/{file}/content");
        await anonymous.ProblemAsync(401, "api_key_required");
    }

    private static byte[] Content(int length)
    {
        var bytes = new byte[length];
        new Random(42).NextBytes(bytes);
        return bytes;
    }

    private static async Task<JsonNode> FollowAsync(TestClient client, Guid id)
    {
        using var answer = await client.Http.GetAsync($"/engines-api/executions/{id}");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (await answer.JsonAsync())["data"]!;
    }

    private static async Task<HttpResponseMessage> IfNoneMatchAsync(TestClient client, Guid id, EntityTagHeaderValue tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/engines-api/executions/{id}") { Headers = { IfNoneMatch = { new EntityTagHeaderValue("\"another\""), tag } } };
        return await client.Http.SendAsync(request);
    }

    private Task CompileAsync(TestClient client, Guid id) => Database.ExecuteAsync("""
        INSERT INTO books (id, execution_id, user_id, title, author, language, ai_service, words, chapters, colophon)
        VALUES (gen_random_uuid(), $1, $2, 'The Salt Cartographer, compiled', 'A', 'en', 'offline', 1510, '[{"number": 1, "version": 1}, {"number": 2, "version": 1}]', '[]')
        """, id, client.User.Id);

    private async Task<Guid> ExportAsync(TestClient client, Guid id, int order, string format, string status, byte[]? content = null, string? error = null)
    {
        var job = Guid.NewGuid();
        var file = Guid.NewGuid();
        await Database.ExecuteAsync("""
            INSERT INTO export_jobs (id, execution_id, user_id, order_no, format, uses_pages, settings, status, error)
            VALUES ($1, $2, $3, $4, $5, false, '{}', $6, nullif($7, ''))
            """, job, id, client.User.Id, order, format, status, error ?? "");
        if (content is not null)
        {
            await Database.ExecuteAsync("""
                INSERT INTO files (id, export_job_id, execution_id, user_id, format, name, media_type, bytes, sha256)
                VALUES ($1, $2, $3, $4, 'pdf', 'Salz-Kärtchen.pdf', 'application/pdf', octet_length($5::bytea), sha256($5))
                """, file, job, id, client.User.Id, content);
            await Database.ExecuteAsync("INSERT INTO file_contents (file_id, user_id, content) VALUES ($1, $2, $3)", file, client.User.Id, content);
        }

        return file;
    }
}
