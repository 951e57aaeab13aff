using Lekhika.Persistence.Signals;

namespace Lekhika.Api.Tests.Runs;

public sealed class FileOrderTests(RunningApi api) : IClassFixture<RunningApi>
{
    [Theory]
    [InlineData("completed")]
    [InlineData("stopped")]
    [InlineData("failed")]
    public async Task Files_of_the_newest_book_are_ordered(string status)
    {
        var run = await ArrangedRun.WrittenAsync(api, status);
        await run.CompileAsync(2);
        await run.ExecuteAsync("INSERT INTO export_jobs (id, execution_id, user_id, order_no, format, uses_pages, settings, status) SELECT gen_random_uuid(), id, user_id, 4, 'pdf', false, '{}', 'failed' FROM engine_executions WHERE id = $1");

        await run.WakesAsync(WakeUpTopic.Exports, async () =>
        {
            var answer = await run.AcceptedAsync("files", new { formats = new[] { "markdown", "epub", "PDF", "md" }, settings = new { pageSize = "A5" } });
            ((string)answer["status"]!).ShouldBe("exporting");
            ((string)answer["currentStep"]!).ShouldBe("Making PDF, EPUB, Markdown");
            ((double)answer["progress"]!).ShouldBe(86);
            answer["completedAt"].ShouldBeNull();
            answer["error"].ShouldBeNull();
            answer["formats"]!.AsObject().Select(format => $"{format.Key} {format.Value!["status"]}").ShouldBe(["pdf queued", "epub queued", "md queued"]);
            ((int)answer["book"]!["version"]!).ShouldBe(2);
        });

        (await run.JournalAsync()).ShouldBe(["""manuscript.compiled {"order": 5, "formats": ["pdf", "epub", "md"]}"""]);
        (await run.AskAsync<string>("""
            SELECT string_agg(concat_ws(' ', j.order_no, j.format, j.uses_pages, j.settings ->> 'pageSize', b.version), ', ' ORDER BY j.format)
            FROM export_jobs j JOIN books b ON b.id = j.book_id WHERE j.execution_id = $1
            """)).ShouldBe("5 epub t A5 2, 5 md f A5 2, 5 pdf f A5 2");
        (await run.RefusedAsync("files", new { formats = new[] { "pdf" } }, 409, "not_allowed_in_state"))["errors"]!["state"]!.ToString().ShouldBe("exporting");
    }

    [Fact]
    public async Task A_cover_is_ordered_with_the_PDF_whose_pages_make_its_spine()
    {
        var run = await ArrangedRun.WrittenAsync(api);

        var answer = await run.AcceptedAsync("files", new { formats = new[] { "cover", "pdf" }, settings = new { print = new { paper = "cream" } } });

        answer["formats"]!.AsObject().Select(format => $"{format.Key} {format.Value!["status"]}").ShouldBe(["pdf queued", "cover queued"]);
        (await run.AskAsync<bool>("SELECT uses_pages FROM export_jobs WHERE execution_id = $1 AND format = 'cover'")).ShouldBeTrue();
    }

    [Fact]
    public async Task Without_settings_those_of_the_run_hold()
    {
        var client = await api.ClientAsync();
        using var submitted = await client.ExecuteAsync(TestClient.Book, new { settings = new { pageSize = "A4", bodyFontSize = 12 } });
        var run = new ArrangedRun(api, client, Guid.Parse((string)(await submitted.JsonAsync())["data"]!["executionId"]!));
        await run.CompileAsync(1);
        await run.BeAsync("stopped");

        await run.AcceptedAsync("files", new { formats = new[] { "pdf" } });

        (await run.AskAsync<string>("SELECT settings ->> 'pageSize' FROM export_jobs WHERE execution_id = $1")).ShouldBe("A4");
    }

    [Fact]
    public async Task Without_a_book_there_are_no_files()
    {
        var run = await ArrangedRun.InAsync(api, "stopped");
        (await run.RefusedAsync("files", new { formats = new[] { "pdf" } }, 409, "no_book"))["detail"]!.ToString().ShouldContain("no chapter is finished");
    }

    [Theory]
    [InlineData("queued")]
    [InlineData("running")]
    [InlineData("paused")]
    [InlineData("stopping")]
    public async Task A_run_that_has_not_ended_makes_its_files_itself(string status)
    {
        var run = await ArrangedRun.WrittenAsync(api, status);
        await run.RefusedAsync("files", new { formats = new[] { "pdf" } }, 409, "not_allowed_in_state");
    }

    [Theory]
    [InlineData("""{}""", "formats")]
    [InlineData("""{"formats": []}""", "formats")]
    [InlineData("""{"formats": ["mp3"]}""", "formats")]
    [InlineData("""{"formats": [null]}""", "formats")]
    [InlineData("""{"formats": ["cover", "epub"]}""", "formats")]
    [InlineData("""{"formats": ["pdf"], "settings": {"pageSize": "A0"}}""", "settings.pageSize")]
    [InlineData("""{"formats": ["pdf"], "settings": {"bodyFontSize": 40}}""", "settings.bodyFontSize")]
    public async Task An_order_that_cannot_be_made_is_told_by_its_field(string body, string field)
    {
        var run = await ArrangedRun.WrittenAsync(api);
        var problem = await run.RefusedAsync("files", System.Text.Json.Nodes.JsonNode.Parse(body), 400, "validation_failed");
        problem["errors"]!.AsObject().Select(error => error.Key).ShouldBe([field]);
    }
}
