using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Options;

namespace Lekhika.Api.Tests;

public sealed class AuthTests(RunningApi api) : IClassFixture<RunningApi>
{
    [Fact]
    public async Task Registration_gives_a_session_and_a_copy_of_every_default_engine()
    {
        var email = $"{Guid.NewGuid():N}@Example.org";
        using var answer = await api.Anonymous.PostAsJsonAsync("/v1/auth/register", new { email = $" {email} ", password = TestUser.Password, fullName = " Asha Rao " });

        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        var session = await answer.JsonAsync();
        var id = Guid.Parse((string)session["user"]!["id"]!);
        ((string)session["user"]!["email"]!).ShouldBe(email);
        ((string)session["user"]!["fullName"]!).ShouldBe("Asha Rao");
        ((string)session["accessToken"]!).Split('.').Length.ShouldBe(3);
        DateTime.Parse((string)session["expiresAt"]!).ToUniversalTime().ShouldBeGreaterThan(TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(50));
        (await api.Database.AskAsync<string>("SELECT l.key || ' ' || u.role FROM users u JOIN levels l ON l.id = u.level_id WHERE u.id = $1", id)).ShouldBe("starter user");
        (await api.Database.AskAsync<string>("SELECT string_agg(m.key, ', ') FROM user_engines e JOIN ai_engines m ON m.id = e.engine_id WHERE e.user_id = $1", id)).ShouldBe("book");
        (await api.Database.AskAsync<string>("SELECT password_hash FROM users WHERE id = $1", id))!.ShouldNotContain(TestUser.Password);
    }

    [Fact]
    public async Task An_address_is_taken_whatever_its_capitals_and_leaves_nothing_behind()
    {
        var user = await api.RegisterAsync();
        var engines = await api.Database.AskAsync<long>("SELECT count(*) FROM user_engines");

        using var answer = await api.Anonymous.PostAsJsonAsync("/v1/auth/register", new { email = user.Email.ToUpperInvariant(), password = TestUser.Password });

        await answer.ProblemAsync(409, "email_taken");
        (await api.Database.AskAsync<long>("SELECT count(*) FROM user_engines")).ShouldBe(engines);
    }

    [Theory]
    [InlineData("""{}""", "email,password")]
    [InlineData("""{"email": "nobody", "password": "0123456789"}""", "email")]
    [InlineData("""{"email": "a b@example.org", "password": "0123456789"}""", "email")]
    [InlineData("""{"email": "a\u0000b@example.org", "password": "0123456789"}""", "email")]
    [InlineData("""{"email": "a@example.org", "password": "012345678"}""", "password")]
    [InlineData("""{"email": "a@example.org", "password": "0123456789", "fullName": "a\u0000b"}""", "fullName")]
    public async Task A_registration_that_cannot_be_is_told_by_its_fields(string body, string fields)
    {
        using var answer = await api.Anonymous.PostAsync("/v1/auth/register", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

        var problem = await answer.ProblemAsync(400, "validation_failed");
        string.Join(',', problem["errors"]!.AsObject().Select(fault => fault.Key)).ShouldBe(fields);
    }

    [Fact]
    public async Task Login_gives_a_token_that_works()
    {
        var user = await api.RegisterAsync();

        using var answer = await api.Anonymous.PostAsJsonAsync("/v1/auth/login", new { email = user.Email.ToUpperInvariant(), password = TestUser.Password });

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var session = await answer.JsonAsync();
        ((string)session["user"]!["id"]!).ShouldBe(user.Id.ToString());
        using var client = api.Client((string)session["accessToken"]!);
        (await client.GetAsync("/v1/keys")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_or_inactive_account_are_refused_alike()
    {
        var user = await api.RegisterAsync();
        var former = await api.RegisterAsync();
        await api.Database.ExecuteAsync("UPDATE users SET is_active = false WHERE id = $1", former.Id);

        var bodies = new List<string>();
        foreach (var (email, password) in new[] { (user.Email, "not the password"), ("nobody@example.org", TestUser.Password), (former.Email, TestUser.Password) })
        {
            using var answer = await api.Anonymous.PostAsJsonAsync("/v1/auth/login", new { email, password });
            bodies.Add((await answer.ProblemAsync(401, "login_failed")).ToJsonString());
        }

        bodies.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_old_hash_is_replaced_at_login()
    {
        var user = await api.RegisterAsync();
        var weak = new Microsoft.AspNetCore.Identity.PasswordHasher<object>(Options.Create(new Microsoft.AspNetCore.Identity.PasswordHasherOptions { IterationCount = 1000 }))
            .HashPassword(user, TestUser.Password);
        await api.Database.ExecuteAsync("UPDATE users SET password_hash = $2 WHERE id = $1", user.Id, weak);

        for (var login = 1; login <= 2; login++)
        {
            using var answer = await api.Anonymous.PostAsJsonAsync("/v1/auth/login", new { email = user.Email, password = TestUser.Password });
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            (await api.Database.AskAsync<string>("SELECT password_hash FROM users WHERE id = $1", user.Id)).ShouldNotBe(weak);
        }
    }

    [Fact]
    public async Task Guessing_is_throttled_for_the_account_only()
    {
        var victim = await api.RegisterAsync();
        var other = await api.RegisterAsync();
        HttpStatusCode last = default;
        for (var attempt = 1; attempt <= 10; attempt++)
        {
            using var answer = await api.Anonymous.PostAsJsonAsync("/v1/auth/login", new { email = victim.Email, password = $"guess {attempt} of ten" });
            last = answer.StatusCode;
        }

        // The registration counted too.
        last.ShouldBe(HttpStatusCode.TooManyRequests);
        using var right = await api.Anonymous.PostAsJsonAsync("/v1/auth/login", new { email = victim.Email.ToUpperInvariant(), password = TestUser.Password });
        await right.ProblemAsync(429, "too_many_requests");
        right.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        using var elsewhere = await api.Anonymous.PostAsJsonAsync("/v1/auth/login", new { email = other.Email, password = TestUser.Password });
        elsewhere.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task One_network_address_cannot_try_many_accounts()
    {
        await using var strict = await RunningApi.StartAsync(("Limits:LoginsPerAddress", "3"));
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            using var answer = await strict.Anonymous.PostAsJsonAsync("/v1/auth/login", new { email = $"user{attempt}@example.org", password = "a guess" });
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }

        using var refused = await strict.Anonymous.PostAsJsonAsync("/v1/auth/login", new { email = "user4@example.org", password = "a guess" });
        await refused.ProblemAsync(429, "too_many_requests");
    }
}
