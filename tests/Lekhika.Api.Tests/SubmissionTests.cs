using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Lekhika.Api.Tests;

public sealed class SubmissionTests(RunningApi api) : IClassFixture<RunningApi>
{
    [Fact]
    public async Task Execute_queues_the_run_and_answers_where_to_follow_it()
    {
        var client = await api.ClientAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, client.ExecutePath)
        {
            Content = JsonContent.Create(new { userInput = TestClient.Book, options = new { formats = new[] { "epub", "PDF" }, settings = new { pageSize = "A5", bodyFontSize = 12 }, seed = 7, priority = -2 } }),
            Headers = { { "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" } },
        };

        using var answer = await client.Http.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var body = await answer.JsonAsync();
        var data = body["data"]!;
        var id = Guid.Parse((string)data["executionId"]!);
        ((bool)body["success"]!).ShouldBeTrue();
        body["error"].ShouldBeNull();
        DateTimeOffset.Parse((string)body["timestamp"]!).Offset.ShouldBe(TimeSpan.Zero);
        ((string)data["status"]!).ShouldBe("queued");
        ((string)data["statusUrl"]!).ShouldBe($"/engines-api/executions/{id}");
        answer.Headers.Location!.ToString().ShouldBe($"/engines-api/executions/{id}");
        ((string)data["metadata"]!["userEngineId"]!).ShouldBe(client.EngineId.ToString());
        ((string)data["metadata"]!["engineId"]!).ShouldBe("01900000-0000-7000-8000-000000000501");
        ((string)data["metadata"]!["engineName"]!).ShouldBe("Book");
        ((string)data["metadata"]!["userId"]!).ShouldBe(client.User.Id.ToString());
        data["metadata"]!["queuedAt"].ShouldNotBeNull();

        var row = JsonNode.Parse((await api.Database.AskAsync<string>("SELECT to_jsonb(e)::text FROM engine_executions e WHERE id = $1", id))!)!;
        ((string)row["user_id"]!).ShouldBe(client.User.Id.ToString());
        ((string)row["status"]!).ShouldBe("queued");
        ((string)row["title"]!).ShouldBe("The Salt Cartographer");
        row["formats"]!.AsArray().Select(format => (string)format!).ShouldBe(["pdf", "epub"]);
        ((int)row["priority"]!).ShouldBe(-2);
        ((int)row["last_seq"]!).ShouldBe(1);
        ((string)row["traceparent"]!).ShouldStartWith("00-0af7651916cd43dd8448eb211c80319c-");
        ((string)row["traceparent"]!).ShouldNotContain("b7ad6b7169203331");

        var input = JsonNode.Parse((await api.Database.AskAsync<string>("SELECT to_jsonb(i)::text FROM execution_inputs i WHERE execution_id = $1", id))!)!;
        ((string)input["brief"]!["title"]!).ShouldBe("The Salt Cartographer");
        ((int)input["brief"]!["chapterCount"]!).ShouldBe(3);
        ((long)input["brief"]!["seed"]!).ShouldBe(7);
        ((string)input["settings"]!["pageSize"]!).ShouldBe("A5");
        ((double)input["settings"]!["bodyFontSize"]!).ShouldBe(12);
        (await api.Database.AskAsync<string>("SELECT string_agg(seq || ' ' || type, ', ') FROM execution_events WHERE execution_id = $1 AND user_id = $2", id, client.User.Id))
            .ShouldBe("1 run.submitted");
    }

    [Fact]
    public async Task Formats_come_from_the_options_else_the_form_else_the_engine()
    {
        var client = await api.ClientAsync();
        var form = TestClient.Book;
        form["output_formats"] = new[] { "html", "markdown" };

        (await FormatsAsync(client, form, new { formats = new[] { "txt" } })).ShouldBe(["txt"]);
        (await FormatsAsync(client, form, null)).ShouldBe(["html", "md"]);
        (await FormatsAsync(client, TestClient.Book, null)).ShouldBe(["pdf", "docx", "epub", "html", "md", "txt"]);

        var own = await OwnEngineAsync(client, """
            {"nodes": [{"id": "a", "type": "input", "data": {"role": "story_input"}},
                       {"id": "b", "type": "process", "data": {"role": "plot_architect"}},
                       {"id": "c", "type": "process", "data": {"role": "story_outliner"}},
                       {"id": "d", "type": "process", "data": {"role": "content_writer"}},
                       {"id": "e", "type": "process", "data": {"role": "end_to_end_polisher"}},
                       {"id": "f", "type": "output", "data": {"role": "output_processor", "exportFormats": ["mp3", "epub"]}}],
             "edges": [{"id": "1", "source": "a", "target": "b"}, {"id": "2", "source": "b", "target": "c"}, {"id": "3", "source": "c", "target": "d"}, {"id": "4", "source": "d", "target": "e"}, {"id": "5", "source": "e", "target": "f"}]}
            """);
        (await FormatsAsync(client with { EngineId = own }, TestClient.Book, null)).ShouldBe(["epub"]);
    }

    [Fact]
    public async Task Execute_wakes_the_workers()
    {
        var client = await api.ClientAsync();
        var woken = new TaskCompletionSource();
        var signals = (Lekhika.Persistence.Signals.WakeUpSignals)api.Services.GetService(typeof(Lekhika.Persistence.Signals.WakeUpSignals))!;
        await signals.ListenAsync(Lekhika.Persistence.Signals.WakeUpTopic.Runs, () => woken.TrySetResult(), CancellationToken.None);

        await client.SubmitAsync();

        await woken.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task An_engine_that_is_unknown_or_somebody_elses_is_not_found()
    {
        var client = await api.ClientAsync();
        var other = await api.ClientAsync();
        foreach (var engine in new[] { Guid.NewGuid(), other.EngineId, Guid.Parse("01900000-0000-7000-8000-000000000501") })
        {
            await QueuesNothingAsync(async () =>
            {
                using var answer = await (client with { EngineId = engine }).ExecuteAsync(TestClient.Book);
                await answer.EnvelopeErrorAsync(404, "engine_not_found");
            });
        }
    }

    [Fact]
    public async Task An_engine_that_is_switched_off_does_not_run()
    {
        var client = await api.ClientAsync();
        await api.Database.ExecuteAsync("UPDATE user_engines SET status = 'inactive' WHERE id = $1", client.EngineId);
        await QueuesNothingAsync(async () =>
        {
            using var answer = await client.ExecuteAsync(TestClient.Book);
            await answer.EnvelopeErrorAsync(409, "engine_inactive");
        });
    }

    [Fact]
    public async Task A_cyclic_workflow_is_refused_with_its_nodes()
    {
        var client = await api.ClientAsync();
        var engine = await OwnEngineAsync(client, """
            {"nodes": [{"id": "a", "type": "input", "data": {"role": "story_input"}},
                       {"id": "b", "type": "process", "data": {"role": "researcher"}},
                       {"id": "c", "type": "process", "data": {"role": "fact_checker"}},
                       {"id": "d", "type": "process", "data": {"role": "proofreader"}}],
             "edges": [{"id": "1", "source": "a", "target": "b"}, {"id": "2", "source": "b", "target": "c"}, {"id": "3", "source": "c", "target": "b"}, {"id": "4", "source": "c", "target": "d"}]}
            """);
        await QueuesNothingAsync(async () =>
        {
            using var answer = await (client with { EngineId = engine }).ExecuteAsync(TestClient.Book);
            var error = await answer.EnvelopeErrorAsync(422, "workflow_invalid");
            var fault = error["details"]!["faults"]!.AsArray().ShouldHaveSingleItem()!;
            ((string)fault["code"]!).ShouldBe("cycle");
            fault["nodeIds"]!.AsArray().Select(node => (string)node!).ShouldBe(["b", "c"]);
        });
    }

    [Theory]
    [InlineData("""{"nodes": 7}""")]
    [InlineData("""{"nodes": [null], "edges": []}""")]
    [InlineData("""{"nodes": [{"id": "a", "type": "teapot", "data": {}}], "edges": []}""")]
    public async Task A_workflow_of_another_shape_is_refused(string definition)
    {
        var client = await api.ClientAsync();
        var engine = await OwnEngineAsync(client, definition);
        await QueuesNothingAsync(async () =>
        {
            using var answer = await (client with { EngineId = engine }).ExecuteAsync(TestClient.Book);
            await answer.EnvelopeErrorAsync(422, "workflow_invalid");
            using var details = await client.Http.GetAsync($"/engines-api/{engine}");
            ((string)(await details.JsonAsync())["data"]!["engine"]!["faults"]![0]!["code"]!).ShouldBe("unreadable");
        });
    }

    [Theory]
    [InlineData("book_title", "")]
    [InlineData("book_title", "two\nlines")]
    [InlineData("chapter_count", 0)]
    [InlineData("chapter_count", 10_000)]
    [InlineData("chapter_count", "many")]
    [InlineData("word_count", 1_000_000_000)]
    [InlineData("word_count", 299)]
    [InlineData("output_formats", "mp3")]
    [InlineData("language", "English, please")]
    [InlineData("premise", "a \0 in it")]
    public async Task A_value_that_cannot_be_is_told_by_its_field(string field, object value)
    {
        var client = await api.ClientAsync();
        var form = TestClient.Book;
        form[field] = value;
        await QueuesNothingAsync(async () =>
        {
            using var answer = await client.ExecuteAsync(form);
            var error = await answer.EnvelopeErrorAsync(400, "validation_failed");
            error["details"]!.AsObject().Select(fault => fault.Key).ShouldBe([field]);
        });
    }

    [Fact]
    public async Task A_title_of_ten_thousand_characters_is_refused()
    {
        var client = await api.ClientAsync();
        var form = TestClient.Book;
        form["book_title"] = new string('x', 10_000);
        await QueuesNothingAsync(async () =>
        {
            using var answer = await client.ExecuteAsync(form);
            var error = await answer.EnvelopeErrorAsync(400, "validation_failed");
            ((string)error["details"]!["book_title"]![0]!).ShouldContain("10000 characters");
        });
    }

    [Theory]
    [InlineData("""{"formats": ["mp3"]}""", "options.formats")]
    [InlineData("""{"formats": [null]}""", "options.formats")]
    [InlineData("""{"settings": {"pageSize": "A99"}}""", "options.settings.pageSize")]
    [InlineData("""{"settings": {"bodyFontSize": 7.9}}""", "options.settings.bodyFontSize")]
    [InlineData("""{"settings": {"bodyFontSize": 1e308}}""", "options.settings.bodyFontSize")]
    [InlineData("""{"priority": 1}""", "options.priority")]
    [InlineData("""{"speed": "fast"}""", "options.speed")]
    [InlineData("""{"speed": "economy", "economyHours": 0}""", "options.economyHours")]
    [InlineData("""{"speed": "economy", "economyHours": 25}""", "options.economyHours")]
    [InlineData("""{"economyHours": 5}""", "options.economyHours")]
    [InlineData("""{"speed": "standard", "economyHours": 5}""", "options.economyHours")]
    public async Task An_option_that_cannot_be_is_told_by_its_place(string options, string field)
    {
        var client = await api.ClientAsync();
        await QueuesNothingAsync(async () =>
        {
            using var answer = await client.ExecuteAsync(TestClient.Book, JsonNode.Parse(options));
            var error = await answer.EnvelopeErrorAsync(400, "validation_failed");
            error["details"]!.AsObject().Select(fault => fault.Key).ShouldBe([field]);
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("not json")]
    [InlineData("""{"userInput": "text"}""")]
    [InlineData("""{"userInput": {"book_title": "\ud800"}}""")]
    [InlineData("""{"userInput": {"\ud800": "x", "book_title": "T"}}""")]
    [InlineData("""{"userInput": {"book_title": "one", "book_title": "two"}}""")]
    [InlineData("""{"userInput": {"book_title": "T"}, "options": {"format": ["pdf"]}}""")]
    [InlineData("""{"userInput": {"book_title": "T"}, "options": {"settings": {"fontSize": 12}}}""")]
    [InlineData("""{"userInput": {"book_title": "T"}, "options": {"settings": {"pageMargins": "huge"}}}""")]
    [InlineData("""{"userInput": {"book_title": "T"}, "options": {"settings": {"edition": {"isbn": "9780306406157"}}}}""")]
    [InlineData("""{"userInput": {"book_title": "T"}, "options": {"settings": {"print": {"bleed": 3, "spine": 5}}}}""")]
    [InlineData("""{"userInput": {"book_title": "T"}, "options": {"settings": {"frontMatter": [{"kind": "foreword", "text": "x", "colour": "red"}]}}}""")]
    [InlineData("""{"userInput": {"book_title": "T"}, "options": {"settings": {"frontMatter": [{"text": "x"}]}}}""")]
    [InlineData("""{"userInput": {"book_title": "T"}, "options": {"seed": 1e99}}""")]
    public async Task A_body_of_another_shape_is_refused(string body)
    {
        var client = await api.ClientAsync();
        await QueuesNothingAsync(async () =>
        {
            using var answer = await client.Http.PostAsync(client.ExecutePath, new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")));
            var text = await answer.Content.ReadAsStringAsync();
            ((int)answer.StatusCode).ShouldBe(400, text);
            var code = (string)JsonNode.Parse(text)!["error"]!["code"]!;
            code.ShouldBeOneOf("malformed_request", "validation_failed");
            text.ShouldNotContain("System.");
            text.ShouldNotContain("Lekhika.");
        });
    }

    [Fact]
    public async Task A_body_without_values_is_refused()
    {
        var client = await api.ClientAsync();
        using var answer = await client.Http.PostAsJsonAsync(client.ExecutePath, new { options = new { } });
        var error = await answer.EnvelopeErrorAsync(400, "validation_failed");
        error["details"]!["userInput"].ShouldNotBeNull();
    }

    [Fact]
    public async Task A_body_that_is_nested_too_deeply_is_refused()
    {
        var client = await api.ClientAsync();
        var deep = string.Concat(Enumerable.Repeat("""{"a":""", 100)) + "1" + new string('}', 100);
        await QueuesNothingAsync(async () =>
        {
            using var answer = await client.Http.PostAsync(client.ExecutePath, Json($$$"""{"userInput": {{{deep}}}}"""));
            await answer.EnvelopeErrorAsync(400, "malformed_request");
        });
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused()
    {
        var client = await api.ClientAsync();
        // The server refuses by the length alone, and closes: a body on its way would break the connection before the answer is read.
        client.Http.DefaultRequestHeaders.ExpectContinue = true;
        await QueuesNothingAsync(async () =>
        {
            using var answer = await client.Http.PostAsync(client.ExecutePath, Json($$$"""{"userInput": {"book_title": "T", "premise": "{{{new string('x', 1024 * 1024)}}}"}}"""));
            await answer.EnvelopeErrorAsync(413, "body_too_large");
        });
    }

    [Fact]
    public async Task A_body_of_another_media_type_is_refused()
    {
        var client = await api.ClientAsync();
        await QueuesNothingAsync(async () =>
        {
            using var answer = await client.Http.PostAsync(client.ExecutePath, new FormUrlEncodedContent([new("book_title", "T")]));
            await answer.EnvelopeErrorAsync(415, "unsupported_media_type");
        });
    }

    private static StringContent Json(string body) => new(body, System.Text.Encoding.UTF8, "application/json");

    private async Task QueuesNothingAsync(Func<Task> act)
    {
        var before = await api.QueuedRowsAsync();
        await act();
        (await api.QueuedRowsAsync()).ShouldBe(before);
    }

    private async Task<string[]> FormatsAsync(TestClient client, object form, object? options)
    {
        using var answer = await client.ExecuteAsync(form, options);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        var id = Guid.Parse((string)(await answer.JsonAsync())["data"]!["executionId"]!);
        return (await api.Database.AskAsync<string[]>("SELECT formats FROM engine_executions WHERE id = $1", id))!;
    }

    /// <summary>An engine of the client's with this workflow, as no validation has seen it.</summary>
    private async Task<Guid> OwnEngineAsync(TestClient client, string definition) => await api.Database.AskAsync<Guid>("""
        WITH version AS (
            INSERT INTO workflow_versions (id, user_id, definition) VALUES (gen_random_uuid(), $1, $2::jsonb) RETURNING id
        ), master AS (
            INSERT INTO ai_engines (id, key, name, workflow_version_id) SELECT gen_random_uuid(), gen_random_uuid()::text, 'Own', id FROM version RETURNING id
        )
        INSERT INTO user_engines (id, user_id, engine_id, workflow_version_id, name)
        SELECT gen_random_uuid(), $1, master.id, version.id, 'Own' FROM master, version RETURNING id
        """, client.User.Id, definition);
}
