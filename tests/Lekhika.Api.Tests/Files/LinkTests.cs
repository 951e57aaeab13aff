using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Lekhika.Api.Tests.Runs;
using Lekhika.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Lekhika.Api.Tests.Files;

/// <summary>An Api with a master key, by which it can keep the keys that sign links.</summary>
public sealed class LinkingApi : IAsyncLifetime
{
    public const string MasterKey = "a master key of the tests that sign links";

    public RunningApi Api { get; private set; } = null!;

    public async Task InitializeAsync() => Api = await RunningApi.StartAsync(("LEKHIKA_SECRETS_KEY", MasterKey));

    public Task DisposeAsync() => Api.DisposeAsync();
}

public sealed class LinkTests(LinkingApi linking) : IClassFixture<LinkingApi>
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 1000).Select(number => (byte)number)];

    private readonly RunningApi _api = linking.Api;

    [Fact]
    public async Task A_link_works_for_an_hour_for_whoever_has_it()
    {
        var (run, file) = await FileAsync();

        using var made = await run.Client.Http.PostAsJsonAsync($"/v1/files/{file}/links", new { });
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        var link = await made.JsonAsync();
        var url = (string)link["url"]!;
        made.Headers.Location!.ToString().ShouldBe(url);
        ((DateTime)link["expiresAt"]! - DateTime.UnixEpoch).TotalSeconds.ShouldBe(await NowAsync() + 3600, 30);

        using var answer = await _api.Anonymous.GetAsync(url);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBe(Content);
        answer.Content.Headers.ContentDisposition!.FileNameStar.ShouldBe("The-Salt-Cartographer.pdf");
        using var range = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { Range = new RangeHeaderValue(10, 19) } };
        using var part = await _api.Anonymous.SendAsync(range);
        part.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        (await part.Content.ReadAsByteArrayAsync()).ShouldBe(Content[10..20]);
        using var known = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { IfNoneMatch = { answer.Headers.ETag! } } };
        (await _api.Anonymous.SendAsync(known)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task A_link_of_which_any_letter_was_changed_is_refused()
    {
        var (run, file) = await FileAsync();
        var url = await LinkAsync(run, file);
        var word = url[(url.IndexOf('=', StringComparison.Ordinal) + 1)..];
        for (var at = 0; at < word.Length; at++)
        {
            var changed = word[..at] + (word[at] == 'A' ? 'Q' : 'A') + word[(at + 1)..];
            using var answer = await _api.Anonymous.GetAsync($"/v1/files/{file}/shared?link={changed}");
            await answer.ProblemAsync(403, "link_invalid");
        }

        foreach (var broken in new[] { "", word[..^1], word + "A", "äöü", new string('A', word.Length), new string('!', word.Length), word[..^1] + "." })
        {
            using var answer = await _api.Anonymous.GetAsync($"/v1/files/{file}/shared?link={broken}");
            await answer.ProblemAsync(403, "link_invalid");
        }

        using var none = await _api.Anonymous.GetAsync($"/v1/files/{file}/shared");
        await none.ProblemAsync(403, "link_invalid");
    }

    [Fact]
    public async Task A_signing_key_that_cannot_be_read_ends_its_own_links_only()
    {
        var (run, file) = await FileAsync();
        var url = await LinkAsync(run, file);
        await _api.Database.ExecuteAsync("INSERT INTO link_keys (id, protected, created_at) OVERRIDING SYSTEM VALUE VALUES (1000000, 'nothing that was protected', now() - interval '200 days')");
        await using var other = await RunningApi.StartAsync(("LEKHIKA_SECRETS_KEY", LinkingApi.MasterKey), ("ConnectionStrings:lekhika", _api.Database.Api));

        using var answer = await other.Anonymous.GetAsync(url);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        await _api.Database.ExecuteAsync("DELETE FROM link_keys WHERE id = 1000000");
    }

    [Fact]
    public async Task A_link_opens_its_file_only()
    {
        var (run, file) = await FileAsync();
        var (_, other) = await FileAsync();
        var url = await LinkAsync(run, file);

        using var answer = await _api.Anonymous.GetAsync(url.Replace(file.ToString(), other.ToString(), StringComparison.Ordinal));

        await answer.ProblemAsync(403, "link_invalid");
    }

    [Fact]
    public async Task A_link_ends()
    {
        var (run, file) = await FileAsync();
        await LinkAsync(run, file);
        var links = new Api.Files.FileLinks(_api.Services.GetRequiredService<Persistence.Files.LinkKeys>(), TimeProvider.System);
        var (past, _) = await links.SignAsync(run.Client.User.Id, file, TimeSpan.FromSeconds(-1), CancellationToken.None);

        using var answer = await _api.Anonymous.GetAsync($"/v1/files/{file}/shared?link={past}");

        await answer.ProblemAsync(410, "link_ended");
    }

    [Fact]
    public async Task Another_tenants_file_gets_no_link_and_no_file_of_his_is_reached_by_one_signed_for_somebody_else()
    {
        var (_, file) = await FileAsync();
        var other = await _api.ClientAsync();
        using var made = await other.Http.PostAsJsonAsync($"/v1/files/{file}/links", new { });
        await made.ProblemAsync(404, "file_not_found");

        var links = new Api.Files.FileLinks(_api.Services.GetRequiredService<Persistence.Files.LinkKeys>(), TimeProvider.System);
        var (word, _) = await links.SignAsync(other.User.Id, file, TimeSpan.FromHours(1), CancellationToken.None);
        using var answer = await _api.Anonymous.GetAsync($"/v1/files/{file}/shared?link={word}");
        await answer.ProblemAsync(404, "file_not_found");
    }

    [Fact]
    public async Task A_link_is_no_better_than_its_file_its_owner_and_its_key()
    {
        var (run, file) = await FileAsync();
        var url = await LinkAsync(run, file);

        await run.ExecuteAsync("UPDATE users SET is_active = false WHERE id = (SELECT user_id FROM engine_executions WHERE id = $1)");
        using var locked = await _api.Anonymous.GetAsync(url);
        await locked.ProblemAsync(404, "file_not_found");
        await run.ExecuteAsync("UPDATE users SET is_active = true WHERE id = (SELECT user_id FROM engine_executions WHERE id = $1)");
        await run.ExecuteAsync("UPDATE files SET removed_at = now() WHERE execution_id = $1");
        using var removed = await _api.Anonymous.GetAsync(url);
        await removed.ProblemAsync(410, "file_removed");
        using var made = await run.Client.Http.PostAsJsonAsync($"/v1/files/{file}/links", new { });
        await made.ProblemAsync(410, "file_removed");
    }

    [Theory]
    [InlineData(59)]
    [InlineData(604_801)]
    [InlineData(-1)]
    public async Task A_link_is_good_for_a_minute_to_a_week(int seconds)
    {
        var (run, file) = await FileAsync();
        using var answer = await run.Client.Http.PostAsJsonAsync($"/v1/files/{file}/links", new { seconds });
        (await answer.ProblemAsync(400, "validation_failed"))["errors"]!["seconds"].ShouldNotBeNull();
    }

    [Fact]
    public async Task Making_a_link_needs_the_right_to_read_files()
    {
        var (run, file) = await FileAsync();
        var runner = await run.Client.User.ClientAsync("engines:run");
        using var answer = await runner.Http.PostAsJsonAsync($"/v1/files/{file}/links", new { });
        await answer.ProblemAsync(403, "scope_missing");
        using var anonymous = await _api.Anonymous.PostAsJsonAsync($"/v1/files/{file}/links", new { });
        await anonymous.ProblemAsync(401, "api_key_required");
    }

    [Fact]
    public async Task Another_replica_takes_a_link_and_the_key_that_signed_it_lies_encrypted_in_the_database()
    {
        var (run, file) = await FileAsync();
        var url = await LinkAsync(run, file);
        await using var other = await RunningApi.StartAsync(("LEKHIKA_SECRETS_KEY", LinkingApi.MasterKey), ("ConnectionStrings:lekhika", _api.Database.Api));

        (await other.Anonymous.GetAsync(url)).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await _api.Database.AskAsync<string>("SELECT string_agg(protected, ' ') FROM link_keys")).ShouldNotBeNull().ShouldStartWith("CfDJ8");
        await using var without = await RunningApi.StartAsync(("ConnectionStrings:lekhika", _api.Database.Api));
        using var client = without.Client(run.Client.Key);
        using var made = await client.PostAsJsonAsync($"/v1/files/{file}/links", new { });
        await made.ProblemAsync(503, "secrets_not_configured");
        using var asked = await without.Anonymous.GetAsync(url);
        await asked.ProblemAsync(503, "secrets_not_configured");
    }

    [Fact]
    public async Task The_word_of_a_link_is_in_no_span()
    {
        var (run, file) = await FileAsync();
        var url = await LinkAsync(run, file);
        var word = url[(url.IndexOf('=', StringComparison.Ordinal) + 1)..];
        var tags = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => tags.Enqueue($"{span.DisplayName} {string.Join(' ', span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"))}"),
        };
        ActivitySource.AddActivityListener(listener);

        using var answer = await _api.Anonymous.GetAsync(url);
        await Eventually.TrueAsync(() => Task.FromResult(tags.Any(span => span.Contains($"url.path=/v1/files/{file}/shared", StringComparison.Ordinal))), "the request's span");

        // The client's own span, which is the test's, tells its whole address.
        tags.Where(span => !span.Contains("url.full", StringComparison.Ordinal)).ShouldAllBe(span => !span.Contains(word, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_tries_links_from_one_address_is_slowed_down()
    {
        await using var slow = await RunningApi.StartAsync(("LEKHIKA_SECRETS_KEY", LinkingApi.MasterKey), ("Limits:Burst", "3"), ("Limits:RequestsPerSecond", "1"));
        var statuses = new List<int>();
        for (var time = 0; time < 8; time++)
        {
            using var answer = await slow.Anonymous.GetAsync($"/v1/files/{Guid.NewGuid()}/shared?link=x");
            statuses.Add((int)answer.StatusCode);
        }

        statuses[0].ShouldBe(403);
        statuses.ShouldContain(429);
    }

    private async Task<(ArrangedRun Run, Guid File)> FileAsync()
    {
        var run = await ArrangedRun.SubmitAsync(_api);
        return (run, await run.FileAsync(Content));
    }

    private static async Task<string> LinkAsync(ArrangedRun run, Guid file)
    {
        using var made = await run.Client.Http.PostAsJsonAsync($"/v1/files/{file}/links", new { seconds = 60 });
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        return (string)(await made.JsonAsync())["url"]!;
    }

    private async Task<double> NowAsync() => await _api.Database.AskAsync<double>("SELECT extract(epoch FROM now())::float8");
}
