using System.Net;
using System.Net.Http.Headers;
using Lekhika.Api.Tests.Runs;

namespace Lekhika.Api.Tests.Files;

public sealed class DownloadTests(RunningApi api) : IClassFixture<RunningApi>
{
    [Theory]
    [InlineData("The-Clockmakers-Daughter.pdf", "The-Clockmakers-Daughter.pdf")]
    [InlineData("Salz-Kärtchen.pdf", "Salz-Kartchen.pdf")]
    [InlineData("जादुई-घड़ी_2.pdf", "Book_2.pdf")]
    [InlineData("ساعة-العجائب.pdf", "Book.pdf")]
    [InlineData("時計職人の娘.pdf", "Book.pdf")]
    [InlineData("𝐁old-and-Brave.pdf", "old-and-Brave.pdf")]
    public async Task A_name_in_any_script_is_sent_as_it_is_and_once_more_in_ASCII(string name, string ascii)
    {
        var run = await ArrangedRun.SubmitAsync(api);
        var file = await run.FileAsync([1], name: name);

        using var answer = await run.Client.Http.GetAsync($"/v1/files/{file}/content");

        var disposition = answer.Content.Headers.ContentDisposition.ShouldNotBeNull();
        disposition.DispositionType.ShouldBe("attachment");
        disposition.FileNameStar.ShouldBe(name);
        disposition.FileName!.Trim('"').ShouldBe(ascii);
        answer.Content.Headers.NonValidated["Content-Disposition"].ToString().ShouldAllBe(c => c > 31 && c < 127);
    }

    [Theory]
    [InlineData("UPDATE file_contents SET content = set_byte(content, 0, 7) WHERE file_id = $2 AND $1::uuid IS NOT NULL")]
    [InlineData("UPDATE file_contents SET content = substring(content FOR 9) WHERE file_id = $2 AND $1::uuid IS NOT NULL")]
    [InlineData("DELETE FROM file_contents WHERE file_id = $2 AND $1::uuid IS NOT NULL")]
    public async Task A_damaged_file_is_an_error_and_nothing_of_it_is_sent(string damage)
    {
        var run = await ArrangedRun.SubmitAsync(api);
        var file = await run.FileAsync([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        await run.ExecuteAsync(damage, file);

        foreach (var range in new RangeHeaderValue?[] { null, new(0, 3) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/files/{file}/content") { Headers = { Range = range } };
            using var answer = await run.Client.Http.SendAsync(request);

            await answer.ProblemAsync(500, "file_damaged");
            answer.Headers.ETag.ShouldBeNull();
            answer.Content.Headers.ContentDisposition.ShouldBeNull();
            answer.Content.Headers.ContentRange.ShouldBeNull();
        }

        api.Log.ShouldContain(line => line.StartsWith("Error:", StringComparison.Ordinal) && line.Contains($"The file {file} is damaged", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_removed_file_is_gone_and_the_answer_says_how_to_get_it_again()
    {
        var run = await ArrangedRun.WrittenAsync(api);
        var file = await run.FileAsync([1]);
        await run.ExecuteAsync("UPDATE files SET removed_at = '2026-03-04 05:06Z' WHERE execution_id = $1");

        using var answer = await run.Client.Http.GetAsync($"/v1/files/{file}/content");

        var detail = ((string)(await answer.ProblemAsync(410, "file_removed"))["detail"]!).ShouldNotBeNull();
        detail.ShouldContain("2026-03-04");
        detail.ShouldContain($"POST {run.Path}/files");
        await run.AcceptedAsync("files", new { formats = new[] { "pdf" } });
    }

    [Fact]
    public async Task A_file_in_a_store_that_is_not_configured_is_told_as_such_to_operators_only()
    {
        var run = await ArrangedRun.SubmitAsync(api);
        var file = await run.FileAsync([1]);
        await run.ExecuteAsync("""
            WITH place AS (
                INSERT INTO file_objects (id, user_id, export_job_id, attempt, bucket, key, kept) SELECT $2, f.user_id, f.export_job_id, 1, 'books', 'files/1', true FROM files f WHERE f.execution_id = $1
            )
            UPDATE files SET object_id = $2 WHERE execution_id = $1
            """, file);

        using var answer = await run.Client.Http.GetAsync($"/v1/files/{file}/content");

        (await answer.ProblemAsync(503, "storage_unavailable")).ToJsonString().ShouldNotContain("configured");
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        api.Log.ShouldContain(line => line.Contains("none is configured", StringComparison.Ordinal));
    }
}
