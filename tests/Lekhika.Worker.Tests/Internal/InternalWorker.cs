using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Lekhika.Testing.Chat;
using Lekhika.Testing.Runs;
using Lekhika.Testing.Servers;
using Lekhika.Worker.Tests.Pipeline;
using Microsoft.AspNetCore.Routing;

namespace Lekhika.Worker.Tests.Internal;

/// <summary>A worker with its internal endpoints on a port of their own, over a database of its own; the queue is paused unless told, so that states stay as they are put.</summary>
internal sealed class InternalWorker : IAsyncDisposable
{
    public const string Secret = "a-secret-of-more-than-thirty-two-characters";

    private InternalWorker(TestDatabase database, ScriptedChatClient model, WorkerHost host, int port)
    {
        Database = database;
        Model = model;
        Host = host;
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        Client.DefaultRequestHeaders.Add("X-Internal-Auth", Secret);
    }

    public TestDatabase Database { get; }

    public ScriptedChatClient Model { get; }

    public WorkerHost Host { get; }

    /// <summary>Brings the secret with every request.</summary>
    public HttpClient Client { get; }

    /// <summary>Every route that is mapped: method and address.</summary>
    public IEnumerable<(string Method, string Pattern)> Routes =>
        from source in ((IEndpointRouteBuilder)Host.Internal!).DataSources
        from endpoint in source.Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
        select (method, endpoint.RoutePattern.RawText!);

    public static async Task<InternalWorker> StartAsync(bool isQueuePaused = true, string? secret = Secret, int chapters = 2, ScriptedChatClient? model = null)
    {
        var database = await TestDatabase.CreateAsync();
        if (isQueuePaused)
        {
            await database.ExecuteAsync("UPDATE queue_controls SET paused = true");
        }

        var port = FreePort();
        model = (model ?? new()).WriteBook(chapters);
        List<(string, string)> settings = [("PORT", port.ToString()), ("Logging:LogLevel:Lekhika", "Information")];
        if (secret is not null)
        {
            settings.Add(("INTERNAL_API_SECRET", secret));
        }

        return new(database, model, await WorkerHost.StartAsync(database, model, [.. settings]), port);
    }

    /// <summary>A port that nobody had a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>A user with an engine and one run in this state.</summary>
    public async Task<QueuedRun> RunAsync(string status = "queued")
    {
        var run = await QueuedRun.InsertAsync(Database, chapters: 2);
        await Database.ExecuteAsync("""
            UPDATE engine_executions SET status = $2, error = CASE WHEN $2 = 'failed' THEN '{"class": "permanent", "message": "It broke.", "nodeId": "writer-1"}'::jsonb END WHERE id = $1
            """, run.Id, status);
        return run;
    }

    public Task<Guid> EngineAsync(QueuedRun run) => Database.AskAsync<Guid>("SELECT user_engine_id FROM engine_executions WHERE id = $1", run.Id);

    public async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string path)
    {
        using var answer = await Client.GetAsync(path);
        return (answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync()));
    }

    public async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, object? body = null)
    {
        using var answer = await Client.PostAsync(path, body is null ? null : body as HttpContent ?? JsonContent.Create(body));
        return (answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync()));
    }

    /// <summary>All that requests could change, in one text.</summary>
    public async Task<string> AllAsync() => await Database.AskAsync<string>("""
        SELECT (SELECT paused FROM queue_controls) || ' ' || (SELECT count(*) FROM regenerations) || ' ' || (SELECT count(*) FROM execution_events)
            || ' ' || (SELECT coalesce(string_agg(e::text, ' ' ORDER BY e.id), '') FROM engine_executions e)
        """) ?? "";

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Host.DisposeAsync();
        await Database.DisposeAsync();
    }
}
