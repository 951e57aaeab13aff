using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Lekhika.Api.Keys;

namespace Lekhika.Api.Tests;

public sealed class KeyTests(RunningApi api) : IClassFixture<RunningApi>
{
    [Fact]
    public async Task A_key_is_shown_once_and_kept_as_its_hash()
    {
        var user = await api.RegisterAsync();

        var made = await user.MakeKeyAsync(new { name = " My server " });

        var key = (string)made["key"]!;
        key.ShouldMatch("^LEKH-2-[0-9A-HJKMNP-TV-Z]{38}$");
        ((string)made["prefix"]!).ShouldBe(key[..12]);
        made["scopes"]!.AsArray().Select(scope => (string)scope!).ShouldBe(["engines:run", "engines:write", "executions:read", "executions:control", "files:read", "models:read", "models:write"]);
        var rows = await api.Database.AskAsync<string>("SELECT string_agg(to_jsonb(k)::text, '') FROM api_keys k WHERE user_id = $1", user.Id);
        rows!.ShouldNotContain(key);
        (await api.Database.AskAsync<byte[]>("SELECT hash FROM api_keys WHERE user_id = $1", user.Id))
            .ShouldBe(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key)));
        using var session = user.Session;
        var listed = await session.GetStringAsync("/v1/keys");
        listed.ShouldNotContain(key);
        ((string)JsonNode.Parse(listed)!["keys"]![0]!["name"]!).ShouldBe("My server");
    }

    [Fact]
    public async Task Keys_are_listed_page_by_page_and_only_to_their_owner()
    {
        var user = await api.RegisterAsync();
        await (await api.RegisterAsync()).MakeKeyAsync(new { name = "somebody else's" });
        for (var i = 1; i <= 5; i++)
        {
            await user.MakeKeyAsync(new { name = $"key {i}" });
        }

        using var session = user.Session;
        var names = new List<string>();
        string? cursor = null;
        var pages = 0;
        do
        {
            using var answer = await session.GetAsync($"/v1/keys?limit=2{(cursor is null ? "" : "&cursor=" + cursor)}");
            var page = await answer.JsonAsync();
            names.AddRange(page["keys"]!.AsArray().Select(key => (string)key!["name"]!));
            cursor = (string?)page["nextCursor"];
            pages++;
        }
        while (cursor is not null);

        names.ShouldBe(["key 5", "key 4", "key 3", "key 2", "key 1"]);
        pages.ShouldBe(3);
    }

    [Theory]
    [InlineData("limit=0", "validation_failed")]
    [InlineData("limit=101", "validation_failed")]
    [InlineData("limit=two", "malformed_request")]
    [InlineData("cursor=nowhere", "validation_failed")]
    [InlineData("cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "validation_failed")]
    public async Task A_page_that_cannot_be_is_refused(string query, string code)
    {
        using var session = (await api.RegisterAsync()).Session;
        using var answer = await session.GetAsync($"/v1/keys?{query}");
        await answer.ProblemAsync(400, code);
    }

    [Theory]
    [InlineData("""{}""", "name")]
    [InlineData("""{"name": " "}""", "name")]
    [InlineData("""{"name": "a", "scopes": []}""", "scopes")]
    [InlineData("""{"name": "a", "scopes": ["admin"]}""", "scopes")]
    [InlineData("""{"name": "a", "scopes": [null]}""", "scopes")]
    [InlineData("""{"name": "a", "expiresAt": "2020-01-01T00:00:00Z"}""", "expiresAt")]
    public async Task A_key_that_cannot_be_is_told_by_its_field(string body, string field)
    {
        using var session = (await api.RegisterAsync()).Session;
        using var answer = await session.PostAsync("/v1/keys", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        var problem = await answer.ProblemAsync(400, "validation_failed");
        problem["errors"]!.AsObject().Select(fault => fault.Key).ShouldBe([field]);
    }

    [Fact]
    public async Task A_user_has_a_hundred_keys_at_most()
    {
        var user = await api.RegisterAsync();
        await api.Database.ExecuteAsync("""
            INSERT INTO api_keys (id, user_id, name, prefix, hash, scopes)
            SELECT gen_random_uuid(), $1, 'k', 'LEKH-2-', sha256(($1::text || n)::bytea), '{}' FROM generate_series(1, 100) n
            """, user.Id);
        using var session = user.Session;
        using var answer = await session.PostAsJsonAsync("/v1/keys", new { name = "one more" });
        await answer.ProblemAsync(409, "too_many_keys");
    }

    [Fact]
    public async Task A_revoked_key_is_refused_at_once()
    {
        var user = await api.RegisterAsync();
        var made = await user.MakeKeyAsync(new { name = "test" });
        using var client = api.Client((string)made["key"]!);
        (await client.GetAsync("/engines-api/list")).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var session = user.Session;

        (await session.DeleteAsync($"/v1/keys/{made["id"]}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        using var answer = await client.GetAsync("/engines-api/list");
        await answer.EnvelopeErrorAsync(401, "api_key_invalid");
        (await session.DeleteAsync($"/v1/keys/{made["id"]}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var listed = JsonNode.Parse(await session.GetStringAsync("/v1/keys"))!["keys"]![0]!;
        listed["revokedAt"].ShouldNotBeNull();
        listed["lastUsedAt"].ShouldNotBeNull();
    }

    [Fact]
    public async Task A_revoked_key_queues_nothing_from_then_on()
    {
        var client = await api.ClientAsync();
        using var first = await client.ExecuteAsync(TestClient.Book);
        first.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var id = await api.Database.AskAsync<Guid>("SELECT id FROM api_keys WHERE hash = $1", ApiKeyText.Hash(client.Key));
        using var session = client.User.Session;
        (await session.DeleteAsync($"/v1/keys/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var before = await api.QueuedRowsAsync();

        using var second = await client.ExecuteAsync(TestClient.Book);

        await second.EnvelopeErrorAsync(401, "api_key_invalid");
        (await api.QueuedRowsAsync()).ShouldBe(before);
        (await api.Database.AskAsync<DateTime?>("SELECT last_used_at FROM api_keys WHERE id = $1", id)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Somebody_elses_key_cannot_be_revoked()
    {
        var client = await api.ClientAsync();
        var id = await api.Database.AskAsync<Guid>("SELECT id FROM api_keys WHERE user_id = $1", client.User.Id);
        using var other = (await api.RegisterAsync()).Session;

        using var answer = await other.DeleteAsync($"/v1/keys/{id}");

        await answer.ProblemAsync(404, "key_not_found");
        (await client.Http.GetAsync("/engines-api/list")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_key_in_either_header_is_taken()
    {
        var client = await api.ClientAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/engines-api/list") { Headers = { { "X-API-Key", client.Key } } };
        (await api.Anonymous.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.Http.GetAsync("/engines-api/list")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Missing_mistyped_unknown_expired_and_former_users_keys_are_refused_and_nothing_is_queued()
    {
        var client = await api.ClientAsync();
        var expired = await client.User.ClientAsync();
        await api.Database.ExecuteAsync("UPDATE api_keys SET expires_at = now() - interval '1 second' WHERE hash = $1", ApiKeyText.Hash(expired.Key));
        var former = await api.ClientAsync();
        await api.Database.ExecuteAsync("UPDATE users SET is_active = false WHERE id = $1", former.User.Id);
        var mistyped = client.Key[..20] + (client.Key[20] == 'X' ? 'Y' : 'X') + client.Key[21..];
        var before = await api.QueuedRowsAsync();

        foreach (var (key, code) in new (string?, string)[]
        {
            (null, "api_key_required"), ("", "api_key_required"), (client.User.AccessToken, "api_key_required"), (mistyped, "api_key_malformed"), ("LEKH-2-", "api_key_malformed"),
            (ApiKeyText.Generate(), "api_key_invalid"), (expired.Key, "api_key_invalid"), (former.Key, "api_key_invalid"),
        })
        {
            using var asking = api.Client(key);
            using var answer = await asking.PostAsJsonAsync(client.ExecutePath, new { userInput = TestClient.Book });
            await answer.EnvelopeErrorAsync(401, code);
            answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        }

        (await api.QueuedRowsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_key_may_do_only_what_its_scopes_say()
    {
        var reader = await api.ClientAsync("executions:read");
        var runner = await reader.User.ClientAsync("engines:run");
        var before = await api.QueuedRowsAsync();

        using var execute = await reader.ExecuteAsync(TestClient.Book);
        ((string)(await execute.EnvelopeErrorAsync(403, "scope_missing"))["details"]!["scope"]!).ShouldBe("engines:run");
        using var list = await reader.Http.GetAsync("/engines-api/list");
        await list.EnvelopeErrorAsync(403, "scope_missing");
        using var follow = await runner.Http.GetAsync("/engines-api/executions");
        await follow.EnvelopeErrorAsync(403, "scope_missing");
        using var download = await runner.Http.GetAsync($"/v1/files/{Guid.NewGuid()}/content");
        await download.ProblemAsync(403, "scope_missing");
        (await api.QueuedRowsAsync()).ShouldBe(before);
        (await reader.Http.GetAsync("/engines-api/executions")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Keys_are_made_by_people_only()
    {
        var client = await api.ClientAsync();
        using var byKey = await client.Http.PostAsJsonAsync("/v1/keys", new { name = "another" });
        await byKey.ProblemAsync(401, "access_token_required");
        using var byNobody = await api.Anonymous.GetAsync("/v1/keys");
        await byNobody.ProblemAsync(401, "access_token_required");
        using var changed = api.Client(client.User.AccessToken + "x");
        using var byForgery = await changed.GetAsync("/v1/keys");
        await byForgery.ProblemAsync(401, "access_token_invalid");
    }
}
