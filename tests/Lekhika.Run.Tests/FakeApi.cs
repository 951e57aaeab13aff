using System.Text.Json;
using System.Text.Json.Nodes;
using Lekhika.Run.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Lekhika.Run.Tests;

/// <summary>Speaks the public API's language over real HTTP; the run goes through the states that the test lists.</summary>
internal sealed class FakeApi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Queue<Func<IResult>> _states;
    private Func<IResult> _last = () => Results.NotFound();

    private FakeApi(WebApplication app, IEnumerable<Func<IResult>> states)
    {
        _app = app;
        _states = new(states);
        app.MapPost("/v1/auth/register", (JsonObject body) => Register(body));
        app.MapPost("/v1/auth/login", (JsonObject body) => LogIn(body));
        app.MapPost("/v1/keys", (HttpRequest request) => MakeKey(request));
        app.MapGet("/engines-api/list", (HttpRequest request) => WithKey(request, () => Data(new { engines = Engines, total = Engines.Length })));
        app.MapPost("/engines-api/{id}/execute", (HttpRequest request, string id, JsonObject body) => WithKey(request, () => Submit(id, body)));
        app.MapGet("/engines-api/executions/{id}", (HttpRequest request) => WithKey(request, NextState));
        app.MapGet("/files/{name}", (HttpRequest request, string name) => WithKey(request, () => Results.Bytes(System.Text.Encoding.UTF8.GetBytes($"content of {name}"))));
    }

    public static object[] Engines { get; } = [new { id = "other-copy", name = "Poems", key = "poems" }, new { id = "book-copy", name = "Book", key = "book" }];

    public LekhikaApi Client => LekhikaApi.At(new Uri(_app.Urls.Single()));

    public Dictionary<string, string> Users { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Keys { get; } = new(StringComparer.Ordinal) { "LEKH-test" };

    public List<(string Engine, JsonObject Body)> Submissions { get; } = [];

    public static async Task<FakeApi> StartAsync(params IEnumerable<Func<IResult>> states)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var api = new FakeApi(builder.Build(), states);
        await api._app.StartAsync();
        return api;
    }

    public static Func<IResult> State(string status, double progress, object? result = null, object? error = null, int done = 0, int? total = null) => () =>
        Data(new { executionId = "run-1", status, progress, currentStep = "Outline", words = done * 1000, chapters = new { done, total }, result, error });

    public static object File(string format, string status = "succeeded", string? name = null, object? error = null) =>
        new { status, url = $"/files/{format}", fileName = name ?? $"The-Lantern-Road.{format}", bytes = 1234, error };

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static IResult Data(object data, int status = 200) => Results.Json(new { success = true, data, error = (object?)null }, JsonSerializerOptions.Web, statusCode: status);

    private static string Text(JsonObject body, string name) => (string)body[name]!;

    private IResult Register(JsonObject body)
    {
        Users[Text(body, "email")] = Text(body, "password");
        return Results.Json(new { accessToken = $"token of {Text(body, "email")}" }, statusCode: 201);
    }

    private IResult LogIn(JsonObject body) =>
        Users.GetValueOrDefault(Text(body, "email")) == Text(body, "password")
            ? Results.Json(new { accessToken = $"token of {Text(body, "email")}" })
            : Results.Problem("Wrong e-mail address or password.", statusCode: 401);

    private IResult MakeKey(HttpRequest request)
    {
        var key = $"LEKH-{Keys.Count}";
        return Bearer(request).StartsWith("token of ", StringComparison.Ordinal) && Keys.Add(key)
            ? Results.Json(new { id = "1", key, prefix = "LEKH-" }, statusCode: 201)
            : Results.Problem("No token.", statusCode: 401);
    }

    private IResult Submit(string id, JsonObject body)
    {
        Submissions.Add((id, body));
        return Data(new { executionId = "run-1", status = "queued" }, 202);
    }

    /// <summary>The last state stays.</summary>
    private IResult NextState()
    {
        lock (_states)
        {
            if (_states.TryDequeue(out var next))
            {
                _last = next;
            }

            return _last();
        }
    }

    private IResult WithKey(HttpRequest request, Func<IResult> answer) =>
        Keys.Contains(Bearer(request)) ? answer() : Results.Json(new { success = false, error = "Invalid or inactive API key" }, statusCode: 401);

    private static string Bearer(HttpRequest request) => request.Headers.Authorization.ToString()["Bearer ".Length..];
}
