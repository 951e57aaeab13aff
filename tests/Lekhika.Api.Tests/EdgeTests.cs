using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Lekhika.Api.Errors;
using Lekhika.Testing.Servers;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Lekhika.Api.Tests;

public sealed class EdgeTests(RunningApi api) : IClassFixture<RunningApi>
{
    [Theory]
    [InlineData("GET", "/engines-api", 404, "not_found")]
    [InlineData("GET", "/engines-api/no-guid", 404, "not_found")]
    [InlineData("GET", "/engines-api/executions/7", 404, "not_found")]
    [InlineData("DELETE", "/engines-api/list", 405, "method_not_allowed")]
    public async Task An_address_that_is_not_there_is_told_in_the_envelope(string method, string path, int status, string code)
    {
        using var answer = await api.Anonymous.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        await answer.EnvelopeErrorAsync(status, code);
    }

    [Theory]
    [InlineData("GET", "/", 404, "not_found")]
    [InlineData("GET", "/v1/nowhere", 404, "not_found")]
    [InlineData("GET", "/v1/auth/login", 405, "method_not_allowed")]
    public async Task Elsewhere_it_is_a_problem(string method, string path, int status, string code)
    {
        using var answer = await api.Anonymous.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        await answer.ProblemAsync(status, code);
    }

    [Fact]
    public async Task Every_answer_tells_browsers_to_keep_out()
    {
        foreach (var path in new[] { "/alive", "/nowhere", "/engines-api/list", "/openapi/v1.json" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Origin", "https://example.org" } } };
            using var answer = await api.Anonymous.SendAsync(request);
            answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("default-src 'none'");
            answer.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
            answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
            answer.Headers.Contains("Server").ShouldBeFalse();
            answer.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
        }
    }

    [Fact]
    public void Every_endpoint_but_the_open_ones_asks_who_is_there()
    {
        var open = api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null || endpoint.Metadata.GetOrderedMetadata<AuthorizationPolicy>().Count == 0)
            .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/')).Order(StringComparer.Ordinal);
        open.ShouldBe(["/alive", "/health", "/openapi/{documentName}.json", "/v1/auth/login", "/v1/auth/register", "/v1/files/{fileId:guid}/shared"]);
    }

    [Fact]
    public async Task Health_and_life_are_answered()
    {
        (await api.Anonymous.GetAsync("/health")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await api.Anonymous.GetAsync("/alive")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_fault_of_ours_gives_a_trace_id_and_nothing_else()
    {
        var client = await api.ClientAsync();
        var id = await client.SubmitAsync();
        await api.Database.ExecuteAsync("""UPDATE engine_executions SET error = '"no object"' WHERE id = $1""", id);

        using var answer = await client.Http.GetAsync($"/engines-api/executions/{id}");

        var error = await answer.EnvelopeErrorAsync(500, "internal");
        var trace = (string)error["details"]!["traceId"]!;
        trace.Length.ShouldBe(32);
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain("Exception");
        api.Log.ShouldContain(line => line.StartsWith("Error:", StringComparison.Ordinal) && line.Contains("JsonException", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_key_is_limited_and_another_is_not()
    {
        await using var strict = await RunningApi.StartAsync(("Limits:Burst", "5"), ("Limits:RequestsPerSecond", "1"));
        var client = await strict.ClientAsync();
        var other = await client.User.ClientAsync();
        var answers = new List<HttpResponseMessage>();
        for (var i = 0; i < 12; i++)
        {
            answers.Add(await client.Http.GetAsync("/engines-api/list"));
        }

        var refused = answers.First(answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        await refused.EnvelopeErrorAsync(429, "too_many_requests");
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        (await other.Http.GetAsync("/engines-api/list")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Without_Redis_a_run_is_queued_all_the_same()
    {
        await using var redis = await BreakableRedis.StartAsync();
        await using var lonely = await RunningApi.StartAsync(("ConnectionStrings:redis", redis.ConnectionString));
        var client = await lonely.ClientAsync();
        await client.SubmitAsync();

        await redis.KillAsync();
        await client.SubmitAsync();

        (await lonely.Database.AskAsync<long>("SELECT count(*) FROM engine_executions WHERE status = 'queued'")).ShouldBe(2);
        using var health = await lonely.Anonymous.GetAsync("/health");
        health.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Without_the_database_the_answer_says_to_try_again()
    {
        await using var broken = await RunningApi.StartAsync(("ConnectionStrings:lekhika", "Host=127.0.0.1;Port=1;Username=lekhika_api;Password=test;Database=x"));
        using var client = broken.Client(Keys.ApiKeyText.Generate());

        using var answer = await client.GetAsync("/engines-api/list");
        await answer.EnvelopeErrorAsync(503, "unavailable");
        answer.Headers.RetryAfter.ShouldNotBeNull();
        using var login = await broken.Anonymous.PostAsJsonAsync("/v1/auth/login", new { email = "a@example.org", password = "some password" });
        await login.ProblemAsync(503, "unavailable");
        (await broken.Anonymous.GetAsync("/health")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await broken.Anonymous.GetAsync("/alive")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task No_secret_is_logged()
    {
        var client = await api.ClientAsync();
        await client.SubmitAsync();
        using var login = await api.Anonymous.PostAsJsonAsync("/v1/auth/login", new { email = client.User.Email, password = TestUser.Password });
        using var failed = await api.Anonymous.PostAsJsonAsync("/v1/auth/login", new { email = client.User.Email, password = "a wrong secret" });
        using var malformed = await api.Anonymous.PostAsync("/v1/auth/login", new StringContent("""{"password": "a broken secret" """, System.Text.Encoding.UTF8, "application/json"));
        using var header = new HttpRequestMessage(HttpMethod.Get, "/engines-api/list") { Headers = { { "X-API-Key", client.Key } } };
        await api.Anonymous.SendAsync(header);
        using var mistyped = api.Client(client.Key + "X");
        await mistyped.GetAsync("/engines-api/list");

        api.Log.ShouldContain(line => line.Contains("/engines-api/list", StringComparison.Ordinal));
        foreach (var secret in new[] { client.Key, Convert.ToHexString(Keys.ApiKeyText.Hash(client.Key)), client.User.AccessToken, TestUser.Password, "a wrong secret", "a broken secret", client.User.Email })
        {
            api.Log.ShouldNotContain(line => line.Contains(secret, StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public async Task The_OpenAPI_document_is_valid_and_complete()
    {
        var text = await api.Anonymous.GetStringAsync("/openapi/v1.json");

        var (document, diagnostic) = OpenApiDocument.Parse(text, "json");
        diagnostic!.Errors.ShouldBeEmpty();
        diagnostic.Warnings.ShouldBeEmpty();
        ((string)JsonNode.Parse(text)!["openapi"]!).ShouldStartWith("3.1");
        var described = document!.Paths.SelectMany(path => path.Value.Operations!.Select(operation => $"{operation.Key} {path.Key}")).Order(StringComparer.Ordinal);
        described.ShouldBe(
        [
            "DELETE /v1/keys/{keyId}", "DELETE /v1/model-preferences", "DELETE /v1/models/{modelId}", "DELETE /v1/providers/{providerId}",
            "DELETE /v1/providers/{providerId}/secret", "DELETE /v1/themes/{themeId}", "GET /engines-api/executions", "GET /engines-api/executions/{executionId}",
            "GET /engines-api/list", "GET /engines-api/stats", "GET /engines-api/{userEngineId}", "GET /v1/assets/{assetId}", "GET /v1/content-policy", "GET /v1/dead-letters",
            "GET /v1/engines/{userEngineId}/workflow", "GET /v1/engines/{userEngineId}/workflow/versions", "GET /v1/executions",
            "GET /v1/executions/{executionId}", "GET /v1/executions/{executionId}/assets", "GET /v1/executions/{executionId}/calls", "GET /v1/executions/{executionId}/chapters",
            "GET /v1/executions/{executionId}/chapters/{number}", "GET /v1/executions/{executionId}/events",
            "GET /v1/executions/{executionId}/files", "GET /v1/executions/{executionId}/preflight", "GET /v1/executions/{executionId}/previews", "GET /v1/executions/{executionId}/provenance", "GET /v1/executions/{executionId}/steps", "GET /v1/export-options",
            "GET /v1/files/{fileId}/content", "GET /v1/files/{fileId}/shared",
            "GET /v1/keys", "GET /v1/model-preferences", "GET /v1/models/{modelId}", "GET /v1/prompts", "GET /v1/prompts/{kind}", "GET /v1/providers", "GET /v1/providers/health", "GET /v1/providers/{providerId}",
            "GET /v1/providers/{providerId}/models", "GET /v1/themes", "GET /v1/themes/{themeId}", "GET /v1/usage", "POST /engines-api/stop/{executionId}",
            "POST /engines-api/{engineId}/resume", "POST /engines-api/{userEngineId}/execute", "POST /v1/auth/login",
            "POST /v1/auth/register", "POST /v1/dead-letters/{letterId}/redrive", "POST /v1/executions/{executionId}/files",
            "POST /v1/executions/{executionId}/fork", "POST /v1/executions/{executionId}/pause", "POST /v1/executions/{executionId}/plan",
            "POST /v1/executions/{executionId}/previews/{nodeId}/approve", "POST /v1/executions/{executionId}/previews/{nodeId}/revise",
            "POST /v1/executions/{executionId}/regenerate", "POST /v1/executions/{executionId}/rerun",
            "POST /v1/executions/{executionId}/resume", "POST /v1/executions/{executionId}/stop", "POST /v1/files/{fileId}/links", "POST /v1/keys", "POST /v1/prompts/{kind}",
            "POST /v1/providers", "POST /v1/providers/{providerId}/models", "POST /v1/themes", "POST /v1/workflows/validate", "PUT /v1/content-policy",
            "PUT /v1/content-policy/platform", "PUT /v1/engines/{userEngineId}/workflow",
            "PUT /v1/engines/{userEngineId}/workflow/current", "PUT /v1/model-preferences", "PUT /v1/models/{modelId}",
            "PUT /v1/providers/{providerId}", "PUT /v1/providers/{providerId}/secret", "PUT /v1/themes/{themeId}",
        ]);
        var routes = api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/v1", StringComparison.Ordinal) || endpoint.RoutePattern.RawText.StartsWith("/engines-api", StringComparison.Ordinal));
        routes.Count().ShouldBe(described.Count());

        document.Components!.Schemas!["ExecutionAnswer"].Properties!["completedAt"].Description.ShouldBe("When it ended, however it did.");
        document.Paths["/engines-api/{userEngineId}/execute"].Operations![HttpMethod.Post].Parameters!.Select(parameter => parameter.Name).ShouldContain("Idempotency-Key");
        document.Paths["/v1/keys"].Operations![HttpMethod.Get].Parameters!.Select(parameter => parameter.Name).ShouldBe(["limit", "cursor"]);
        foreach (var (path, operation) in document.Paths.SelectMany(path => path.Value.Operations!.Values.Select(operation => (path.Key, operation))))
        {
            operation.Summary.ShouldNotBeNullOrWhiteSpace(path);
            operation.OperationId.ShouldNotBeNullOrWhiteSpace(path);
            operation.Responses!.Keys.ShouldContain(status => status.StartsWith('4'), path);
            (operation.Security?.Count > 0).ShouldBe(!path.StartsWith("/v1/auth", StringComparison.Ordinal) && path != "/v1/files/{fileId}/shared", path);
            if (operation.RequestBody is { Content: { } content })
            {
                content["application/json"].Example.ShouldNotBeNull(path);
            }
        }
    }

    [Fact]
    public async Task The_example_of_a_submission_can_be_submitted()
    {
        var client = await api.ClientAsync();
        using var answer = await client.Http.PostAsJsonAsync(client.ExecutePath, OpenApi.OperationExamples.Request("execute"));
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public void Every_code_is_documented()
    {
        var page = File.ReadAllText(Path.Combine(Repository(), "docs", "api.md"));
        var codes = typeof(Refusals).GetProperties().Select(property => ((Refusal)property.GetValue(null)!).Code)
            .Concat([Refusals.MissingScope("").Code, Refusals.Malformed("").Code, Refusals.Invalid(new Dictionary<string, string[]>()).Code, Refusals.BadWorkflow([]).Code, Refusals.TooMany(null).Code, Refusals.Internal().Code,
                Refusals.NotAllowed(Core.Executions.RunStatus.Queued, "").Code, Refusals.NoPreview("").Code, Refusals.PreviewNotWaiting("").Code, Refusals.AttemptsUsedUp("").Code, Refusals.GenerationsUsedUp("").Code, Refusals.NoBook("").Code, Refusals.FileRemoved(default, default).Code, Refusals.UnknownModels([]).Code]);
        codes.Where(code => !page.Contains($"`{code}`", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Lekhika.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
