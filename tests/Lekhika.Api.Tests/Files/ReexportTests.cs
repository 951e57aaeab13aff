using System.Net;
using System.Text.Json.Nodes;
using Lekhika.Api.Tests.Runs;
using Lekhika.Testing.Processes;
using Lekhika.Testing.Servers;
using Lekhika.Testing.Storage;

namespace Lekhika.Api.Tests.Files;

/// <summary>The Api, an exporter process and an object store: files are ordered, made, listed and downloaded.</summary>
public sealed class ReexportTests : IAsyncLifetime
{
    private S3Server _server = null!;
    private RunningApi _api = null!;

    public async Task InitializeAsync()
    {
        _server = await S3Server.StartAsync();
        _api = await RunningApi.StartAsync([.. _server.Settings.Select(setting => (setting.Key, setting.Value))]);
    }

    public async Task DisposeAsync()
    {
        await _api.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Other_settings_give_new_files_beside_the_old_ones_and_each_comes_back_to_the_letter()
    {
        await using var exporter = await ExporterAsync();
        var run = await ArrangedRun.WrittenAsync(_api);

        await MakeAsync(run, new { formats = new[] { "md", "txt" } });
        await MakeAsync(run, new { formats = new[] { "md" }, settings = new { pageSize = "A4", bodyFontSize = 12 } });

        var files = (await run.GetAsync("files"))["files"]!.AsArray();
        files.Select(file => $"{file!["fileName"]} {file["order"]} {file["format"]} {file["settings"]!["pageSize"]} {file["bookVersion"]}")
            .ShouldBe(["Book-1_2.md 2 md A4 1", "Book-1.txt 1 txt  1", "Book-1.md 1 md  1"], ignoreOrder: true);
        ((string)files[0]!["fileName"]!).ShouldBe("Book-1_2.md", "the newest is the first");
        foreach (var file in files)
        {
            var bytes = await run.Client.Http.GetByteArrayAsync((string)file!["url"]!);
            bytes.Length.ShouldBe((int)file["bytes"]!);
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)).ShouldBe((string)file["sha256"]!);
            bytes.ShouldBe(await _server.ReadAsync(_server.Keys.Single(key => key.EndsWith($"{Guid.Parse((string)file["id"]!):N}/{file["sha256"]}", StringComparison.Ordinal))));
        }

        _server.Keys.Count.ShouldBe(3);
        (await _api.Database.AskAsync<long>("SELECT count(*) FROM file_contents")).ShouldBe(0);
        (await _api.Database.AskAsync<long>("SELECT count(*) FROM ai_calls")).ShouldBe(0, "no engine ran");
    }

    [Fact]
    public async Task A_store_that_is_away_or_has_lost_a_file_is_told_before_a_byte_is_sent()
    {
        await using var exporter = await ExporterAsync();
        var run = await ArrangedRun.WrittenAsync(_api);
        await MakeAsync(run, new { formats = new[] { "md" } });
        var url = (string)(await run.GetAsync("files"))["files"]![0]!["url"]!;

        await _server.StopAsync();
        using (var away = await run.Client.Http.GetAsync(url))
        {
            await away.ProblemAsync(503, "storage_unavailable");
        }

        await _server.StartAgainAsync();
        (await run.Client.Http.GetAsync(url)).StatusCode.ShouldBe(HttpStatusCode.OK);

        await MakeAsync(run, new { formats = new[] { "txt" } });
        var lost = (await run.GetAsync("files"))["files"]![0]!;
        _server.Lose(_server.Keys.Single(key => key.EndsWith((string)lost["sha256"]!, StringComparison.Ordinal)));
        using var answer = await run.Client.Http.GetAsync((string)lost["url"]!);
        await answer.ProblemAsync(500, "file_damaged");
    }

    private static async Task MakeAsync(ArrangedRun run, object order)
    {
        await run.AcceptedAsync("files", order);
        await run.Api.Database.UntilAsync("SELECT status = 'completed' FROM engine_executions WHERE id = $1", [run.Id]);
    }

    private async Task<ServiceProcess> ExporterAsync()
    {
        var redis = await TestRedis.CreateAsync();
        return await ServiceProcess.StartAsync("Lekhika.Exporter", new Dictionary<string, string?>(_server.Variables, StringComparer.Ordinal)
        {
            ["ConnectionStrings__lekhika"] = _api.Database.Exporter,
            ["ConnectionStrings__redis"] = redis.ConnectionString,
            ["Signals__Prefix"] = redis.Prefix,
            ["Exporter__PollMilliseconds"] = "50",
            ["Exporter__TypesetterDirectory"] = Path.Combine(BuiltProgram.Root, "Lekhika.Exporter/Pdf/typesetter"),
        });
    }
}

public sealed class FileListTests(RunningApi api) : IClassFixture<RunningApi>
{
    [Fact]
    public async Task All_files_are_listed_in_pages_the_removed_ones_too()
    {
        var run = await ArrangedRun.WrittenAsync(api);
        for (var order = 1; order <= 5; order++)
        {
            await run.FileAsync([(byte)order], order);
        }

        await run.ExecuteAsync("UPDATE files SET removed_at = '2026-03-04Z' WHERE execution_id = $1 AND export_job_id IN (SELECT id FROM export_jobs WHERE order_no = 2)");
        var orders = new List<int>();
        string? cursor = null;
        do
        {
            var page = await run.GetAsync($"files?limit=2{(cursor is null ? "" : $"&cursor={cursor}")}");
            page["files"]!.AsArray().Count.ShouldBeLessThanOrEqualTo(2);
            foreach (var file in page["files"]!.AsArray())
            {
                orders.Add((int)file!["order"]!);
                (file["url"] is null).ShouldBe((int)file["order"]! == 2);
                (file["removedAt"] is null).ShouldBe((int)file["order"]! != 2);
                ((string)file["settings"]!["pageSize"]!).ShouldBe("A5");
            }

            cursor = (string?)page["nextCursor"];
        }
        while (cursor is not null);

        orders.ShouldBe([5, 4, 3, 2, 1]);
    }

    [Fact]
    public async Task Another_tenants_files_are_not_listed()
    {
        var run = await ArrangedRun.SubmitAsync(api);
        await run.FileAsync([1]);
        var other = await api.ClientAsync();
        using var answer = await other.Http.GetAsync($"{run.Path}/files");
        await answer.ProblemAsync(404, "execution_not_found");
        (await (await ArrangedRun.SubmitAsync(api)).GetAsync("files")).ToJsonString().ShouldBe("""{"files":[],"nextCursor":null}""");
    }
}
