using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lekhika.Testing.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lekhika.Api.Tests;

/// <summary>The Api over a real port of this machine, with a database of its own; a class fixture shares one between its tests.</summary>
public sealed class RunningApi : IAsyncLifetime
{
    private WebApplication? _app;

    public TestDatabase Database { get; private set; } = null!;

    /// <summary>Everything that was logged, at every level, with its scopes' and parameters' values.</summary>
    public ConcurrentQueue<string> Log { get; } = new();

    /// <summary>A client without credentials.</summary>
    public HttpClient Anonymous { get; private set; } = null!;

    public IServiceProvider Services => _app!.Services;

    public static async Task<RunningApi> StartAsync(params (string Name, string Value)[] settings)
    {
        var api = new RunningApi();
        await api.StartWithAsync(settings);
        return api;
    }

    public Task InitializeAsync() => StartWithAsync([]);

    public async Task DisposeAsync()
    {
        Anonymous?.Dispose();
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        if (Database is not null)
        {
            await Database.DisposeAsync();
        }
    }

    /// <summary>A new user with an access token.</summary>
    public async Task<TestUser> RegisterAsync()
    {
        var email = $"{Guid.NewGuid():N}@example.org";
        using var answer = await Anonymous.PostAsJsonAsync("/v1/auth/register", new { email, password = TestUser.Password, fullName = "Asha Rao" });
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        var session = await answer.JsonAsync();
        return new TestUser(this, Guid.Parse((string)session["user"]!["id"]!), email, (string)session["accessToken"]!);
    }

    /// <summary>A new user's client with an API key, and the id of the engine that he can run.</summary>
    public async Task<TestClient> ClientAsync(params string[] scopes)
    {
        var user = await RegisterAsync();
        return await user.ClientAsync(scopes);
    }

    public HttpClient Client(string? bearer)
    {
        var client = new HttpClient { BaseAddress = Anonymous.BaseAddress };
        client.DefaultRequestHeaders.Authorization = bearer is null ? null : new AuthenticationHeaderValue("Bearer", bearer);
        return client;
    }

    /// <summary>Rows that a submission makes, of all users together.</summary>
    public async Task<long> QueuedRowsAsync() => await Database.AskAsync<long>(
        "SELECT (SELECT count(*) FROM engine_executions) + (SELECT count(*) FROM execution_inputs) + (SELECT count(*) FROM execution_events)");

    private async Task StartWithAsync((string Name, string Value)[] settings)
    {
        Database = await TestDatabase.CreateAsync();
        var redis = await TestRedis.CreateAsync();
        _app = ApiApplication.Build([], builder =>
        {
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["ConnectionStrings:lekhika"] = Database.Api,
                ["ConnectionStrings:redis"] = redis.ConnectionString,
                ["Signals:Prefix"] = redis.Prefix,
                // Many users come from this one machine.
                ["Limits:LoginsPerAddress"] = "100000",
                ["Logging:LogLevel:Default"] = "Trace",
                ["Logging:LogLevel:Microsoft"] = "Trace",
            });
            builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)));
            // Real strength would take most of the tests' time.
            builder.Services.PostConfigure<PasswordHasherOptions>(hasher => hasher.IterationCount = 2_000);
            builder.Logging.ClearProviders().AddProvider(new LogCollector(Log)).SetMinimumLevel(LogLevel.Trace);
        });
        await _app.StartAsync();
        Anonymous = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    private sealed class LogCollector(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            lines.Enqueue(state.ToString() ?? "");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}

/// <summary>Somebody with an account.</summary>
public sealed record TestUser(RunningApi Api, Guid Id, string Email, string AccessToken)
{
    public const string Password = "correct horse battery";

    /// <summary>With the access token.</summary>
    public HttpClient Session => Api.Client(AccessToken);

    public async Task<JsonNode> MakeKeyAsync(object request)
    {
        using var client = Session;
        using var answer = await client.PostAsJsonAsync("/v1/keys", request);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        return await answer.JsonAsync();
    }

    public async Task<TestClient> ClientAsync(params string[] scopes)
    {
        var key = (string)(await MakeKeyAsync(new { name = "test", scopes = scopes.Length == 0 ? null : scopes }))["key"]!;
        var engine = await Api.Database.AskAsync<Guid>("SELECT id FROM user_engines WHERE user_id = $1", Id);
        return new TestClient(this, key, Api.Client(key), engine);
    }
}

/// <summary>A program with an API key.</summary>
public sealed record TestClient(TestUser User, string Key, HttpClient Http, Guid EngineId)
{
    public string ExecutePath => $"/engines-api/{EngineId}/execute";

    /// <summary>A small book that can be written.</summary>
    public static Dictionary<string, object> Book => new() { ["book_title"] = "The Salt Cartographer", ["chapter_count"] = 3, ["word_count"] = 1_500, ["premise"] = "A map moves the coast." };

    public Task<HttpResponseMessage> ExecuteAsync(object userInput, object? options = null) =>
        Http.PostAsJsonAsync(ExecutePath, new { userInput, options });

    public async Task<Guid> SubmitAsync()
    {
        using var answer = await ExecuteAsync(Book);
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        return Guid.Parse((string)(await answer.JsonAsync())["data"]!["executionId"]!);
    }
}

internal static class Answers
{
    public static async Task<JsonNode> JsonAsync(this HttpResponseMessage answer) =>
        JsonNode.Parse(await answer.Content.ReadAsStringAsync()) ?? throw new JsonException("The body is null.");

    /// <summary>The error of an envelope, checked to have the one shape that all have.</summary>
    public static async Task<JsonNode> EnvelopeErrorAsync(this HttpResponseMessage answer, int status, string code)
    {
        var text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(status, text);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        var body = JsonNode.Parse(text)!.AsObject();
        body.Select(member => member.Key).ShouldBe(["success", "data", "error", "timestamp"]);
        ((bool)body["success"]!).ShouldBeFalse();
        body["data"].ShouldBeNull();
        ((string)body["error"]!["code"]!).ShouldBe(code);
        ((string)body["error"]!["message"]!).ShouldNotBeNullOrWhiteSpace();
        return body["error"]!;
    }

    /// <summary>A problem (RFC 9457), checked likewise.</summary>
    public static async Task<JsonNode> ProblemAsync(this HttpResponseMessage answer, int status, string code)
    {
        var text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(status, text);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = JsonNode.Parse(text)!;
        ((string)problem["type"]!).ShouldBe("urn:lekhika:error:" + code);
        ((int)problem["status"]!).ShouldBe(status);
        ((string)problem["title"]!).ShouldNotBeNullOrWhiteSpace();
        ((string)problem["detail"]!).ShouldNotBeNullOrWhiteSpace();
        ((string)problem["code"]!).ShouldBe(code);
        return problem;
    }
}
