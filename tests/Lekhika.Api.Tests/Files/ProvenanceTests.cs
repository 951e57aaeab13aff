using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Lekhika.Api.Tests.Models;
using Lekhika.Api.Tests.Runs;

namespace Lekhika.Api.Tests.Files;

public sealed class ProvenanceTests(RunningApi api) : IClassFixture<RunningApi>
{
    [Fact]
    public async Task The_hash_of_the_manifests_bytes_is_its_tag_and_finds_it_again_when_the_book_has_changed()
    {
        var run = await ArrangedRun.WrittenAsync(api);

        var (first, hash) = await ManifestAsync(run, "");
        (await ManifestAsync(run, "")).Hash.ShouldBe(hash, "nothing has changed");
        await run.CompileAsync(2);
        var (second, other) = await ManifestAsync(run, "");

        ((int)JsonNode.Parse(first)!["book"]!["version"]!, (int)JsonNode.Parse(second)!["book"]!["version"]!).ShouldBe((1, 2));
        other.ShouldNotBe(hash);
        (await ManifestAsync(run, $"?sha256={hash}")).ShouldBe((first, hash));
    }

    [Fact]
    public async Task What_is_not_there_is_told()
    {
        var run = await ArrangedRun.SubmitAsync(api);
        await run.Client.Http.GetAsync($"{run.Path}/provenance").ProblemAsync(409, "no_book");
        await run.Client.Http.GetAsync($"{run.Path}/provenance?sha256=abc").ProblemAsync(400, "validation_failed");
        await run.Client.Http.GetAsync($"{run.Path}/provenance?sha256={new string('a', 64)}").ProblemAsync(404, "file_not_found");

        var written = await ArrangedRun.WrittenAsync(api);
        await (await api.ClientAsync()).Http.GetAsync($"{written.Path}/provenance").ProblemAsync(404, "execution_not_found");
        await (await api.ClientAsync("engines:run")).Http.GetAsync($"{written.Path}/provenance").ProblemAsync(403, "scope_missing");
    }

    private static async Task<(string Text, string Hash)> ManifestAsync(ArrangedRun run, string query)
    {
        using var answer = await run.Client.Http.GetAsync($"{run.Path}/provenance{query}");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        var hash = Convert.ToHexStringLower(SHA256.HashData(await answer.Content.ReadAsByteArrayAsync()));
        answer.Headers.ETag!.Tag.ShouldBe($"\"{hash}\"");
        return (await answer.Content.ReadAsStringAsync(), hash);
    }
}
