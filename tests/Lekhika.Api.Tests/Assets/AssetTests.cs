using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Lekhika.Api.Tests.Models;
using Lekhika.Api.Tests.Plans;

namespace Lekhika.Api.Tests.Assets;

/// <summary>Pictures of executions, put there as a worker does.</summary>
public sealed class AssetTests(RunningApi api) : IClassFixture<RunningApi>
{
    private static readonly byte[] Bytes = [0x89, (byte)'P', (byte)'N', (byte)'G', 1, 2, 3, 4, 5];

    [Fact]
    public async Task An_execution_s_pictures_are_listed_and_downloaded_as_what_they_are()
    {
        var client = await api.ClientAsync();
        var run = await client.SubmitAsync();
        await PaintAsync(client, run, "cover-1");

        var asset = (await ListAsync(client, run)).ShouldHaveSingleItem();
        ((string)asset["kind"]!, (string)asset["model"]!, (int)asset["width"]!, (string)asset["altText"]!).ShouldBe(("cover", "easel:canvas-1", 1_024, "Cover"));
        ((string)asset["sha256"]!).ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Bytes)));

        using var answer = await client.Http.GetAsync((string)asset["url"]!);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBe(Bytes);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.CacheControl!.ToString().ShouldBe("no-cache, private");
        answer.Content.Headers.ContentDisposition!.FileName.ShouldBe($"cover-{Guid.Parse((string)asset["id"]!):N}.png");
        using var again = new HttpRequestMessage(HttpMethod.Get, (string)asset["url"]!) { Headers = { IfNoneMatch = { answer.Headers.ETag! } } };
        (await client.Http.SendAsync(again)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task A_picture_of_several_slices_is_downloaded_whole_and_in_part()
    {
        var client = await api.ClientAsync();
        var run = await client.SubmitAsync();
        byte[] large = [.. Bytes, .. RandomNumberGenerator.GetBytes(1_300_000)];
        var asset = await PaintAsync(client, run, "cover-1", large);

        (await client.Http.GetByteArrayAsync($"/v1/assets/{asset}")).ShouldBe(large);
        using var part = new HttpRequestMessage(HttpMethod.Get, $"/v1/assets/{asset}") { Headers = { Range = new(524_280, 524_300) } };
        using var answer = await client.Http.SendAsync(part);
        answer.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBe(large[524_280..524_301]);
    }

    [Fact]
    public async Task The_pictures_of_an_execution_come_page_by_page_the_newest_first()
    {
        var client = await api.ClientAsync();
        var run = await client.SubmitAsync();
        var (first, second, third) = (await PaintAsync(client, run, "a"), await PaintAsync(client, run, "b"), await PaintAsync(client, run, "c"));

        var page = await client.Http.GetAsync($"/v1/executions/{run}/assets?limit=2").OkAsync();
        var rest = await client.Http.GetAsync($"/v1/executions/{run}/assets?limit=2&cursor={page["nextCursor"]}").OkAsync();

        page["assets"]!.AsArray().Select(asset => (Guid)asset!["id"]!).ShouldBe([third, second]);
        rest["assets"]!.AsArray().Select(asset => (Guid)asset!["id"]!).ShouldBe([first]);
        rest["nextCursor"].ShouldBeNull();
        (await client.Http.GetAsync($"/v1/executions/{run}/assets?limit=0")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Another_user_s_pictures_are_not_there()
    {
        var client = await api.ClientAsync();
        var run = await client.SubmitAsync();
        var asset = await PaintAsync(client, run, "cover-1");
        var other = await api.ClientAsync();

        await other.Http.GetAsync($"/v1/executions/{run}/assets").ProblemAsync(404, "execution_not_found");
        await other.Http.GetAsync($"/v1/assets/{asset}").ProblemAsync(404, "file_not_found");
        await client.Http.GetAsync($"/v1/assets/{Guid.NewGuid()}").ProblemAsync(404, "file_not_found");
    }

    [Fact]
    public async Task A_key_needs_the_scopes_of_executions_and_of_files()
    {
        var client = await api.ClientAsync("engines:run");
        await client.Http.GetAsync($"/v1/executions/{Guid.NewGuid()}/assets").ProblemAsync(403, "scope_missing");
        await client.Http.GetAsync($"/v1/assets/{Guid.NewGuid()}").ProblemAsync(403, "scope_missing");
    }

    [Fact]
    public async Task A_fork_has_the_pictures_of_the_steps_that_it_reuses_and_the_bytes_are_kept_once()
    {
        var client = await api.ClientAsync();
        var source = await api.FinishedAsync(client);
        // A picture of a step that serves, as a node before it would have made it.
        await PaintAsync(client, source, "architect-1");

        using var answer = await client.Http.PostAsJsonAsync($"/v1/executions/{source}/fork", new { options = new { formats = new[] { "epub" } } });
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        var fork = Guid.Parse((string)(await answer.JsonAsync())["executionId"]!);

        var asset = (await ListAsync(client, fork)).ShouldHaveSingleItem();
        (await client.Http.GetByteArrayAsync((string)asset["url"]!)).ShouldBe(Bytes);
        (await api.Database.AskAsync<long>("SELECT count(*) FROM asset_contents WHERE user_id = $1", client.User.Id)).ShouldBe(1);
        await api.Database.ExecuteAsync("DELETE FROM assets WHERE execution_id = $1", source);
        (await client.Http.GetByteArrayAsync((string)asset["url"]!)).ShouldBe(Bytes, "the fork's own row keeps them");
    }

    private async Task<Guid> PaintAsync(TestClient client, Guid run, string node, byte[]? content = null)
    {
        var bytes = content ?? Bytes;
        var (id, hash) = (Guid.NewGuid(), SHA256.HashData(bytes));
        await api.Database.ExecuteAsync("INSERT INTO asset_contents (user_id, sha256, content) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", client.User.Id, hash, bytes);
        await api.Database.ExecuteAsync("""
            INSERT INTO assets (id, execution_id, user_id, node_id, item, generation, kind, sha256, media_type, bytes, width, height, prompt, alt_text, provider, model, licence)
            VALUES ($1, $2, $3, $4, 0, 1, 'cover', $5, 'image/png', $6, 1024, 1536, 'A lamp.', 'Cover', 'easel', 'canvas-1', 'Yours.')
            """, id, run, client.User.Id, node, hash, bytes.Length);
        return id;
    }

    private static async Task<List<JsonNode>> ListAsync(TestClient client, Guid run) => [.. (await client.Http.GetAsync($"/v1/executions/{run}/assets").OkAsync())["assets"]!.AsArray().Select(asset => asset!)];
}
