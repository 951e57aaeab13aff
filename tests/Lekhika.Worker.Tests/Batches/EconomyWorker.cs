using Lekhika.Testing.Models;
using Lekhika.Testing.Models.Batches;
using Lekhika.Testing.Runs;
using Lekhika.Testing.Servers;
using Lekhika.Worker.Ai.Providers;
using Lekhika.Worker.Ai.Routing;
using Lekhika.Worker.Tests.Pipeline;

namespace Lekhika.Worker.Tests.Batches;

/// <summary>A worker whose one model is a server with OpenAI's batch interface, over real sockets; it looks often, so that tests are short.</summary>
internal sealed class EconomyWorker : IAsyncDisposable
{
    private EconomyWorker(TestDatabase database, ChatCompletionsServer server, WorkerHost host) => (Database, Server, Host) = (database, server, host);

    public TestDatabase Database { get; }

    public ChatCompletionsServer Server { get; }

    public ServedBatches Batches => Server.Batches;

    public WorkerHost Host { get; }

    /// <summary>Normal calls for a chapter so far.</summary>
    public IEnumerable<CompletionRequest> ChapterCalls => Server.Requests.Where(request => request.Chapter is not null);

    /// <param name="answer">Null: the book of <see cref="ScriptedBook"/>.</param>
    /// <param name="batches">What the provider's settings say.</param>
    public static async Task<EconomyWorker> StartAsync(Func<CompletionRequest, CompletionAnswer>? answer = null, bool? batches = true, params (string Key, string Value)[] settings)
    {
        var database = await TestDatabase.CreateAsync();
        var server = await ChatCompletionsServer.StartAsync(answer ?? Book(2));
        var account = new ProviderAccount(Guid.Empty, "paid", ProviderKinds.OpenAi, new Uri(server.BaseUrl), "sk-secret", new ProviderSettings { Batches = batches });
        var host = await WorkerHost.StartAsync(database, [new ModelProvider("paid", "quill-1", ProviderClients.Chat(account, "quill-1"), null) { Account = account }], [.. Quick, .. settings]);
        return new(database, server, host);
    }

    /// <summary>Settings by which everything is looked at at once.</summary>
    public static IReadOnlyList<(string Key, string Value)> Quick { get; } =
    [
        ("Batches:Tick", "00:00:00.03"), ("Batches:FirstLook", "00:00:00.05"), ("Batches:LongestLook", "00:00:00.1"), ("Batches:Settling", "00:00:00.1"), ("Batches:Grace", "00:00:00.5"),
    ];

    /// <summary>Answers with a book of so many chapters.</summary>
    public static Func<CompletionRequest, CompletionAnswer> Book(int chapters) => request =>
        new(request.Chapter is { } chapter ? ScriptedBook.Chapter(chapter) : ScriptedBook.Plan(request.SchemaName!, chapters)) { Usage = new AnswerUsage(1_000, 500) };

    /// <summary>Prices of the model, in dollars for a million tokens.</summary>
    public async Task PriceAsync(decimal input, decimal output, decimal? factor = null)
    {
        var (provider, model) = (Guid.NewGuid(), Guid.NewGuid());
        await Database.ExecuteAsync("INSERT INTO ai_providers (id, name, provider) VALUES ($1, 'paid', 'openai')", provider);
        await Database.ExecuteAsync("INSERT INTO ai_model_metadata (id, provider_id, model_id, display_name, capabilities) VALUES ($1, $2, 'quill-1', 'Quill', ARRAY['structured'])", model, provider);
        await Database.ExecuteAsync(
            $"INSERT INTO ai_model_prices (id, model_id, version, input_per_million, output_per_million{(factor is null ? "" : ", batch_factor")}) VALUES (gen_random_uuid(), $1, 1, $2, $3{(factor is null ? "" : ", $4")})",
            factor is { } given ? [model, input, output, given] : [model, input, output]);
    }

    /// <summary>Waits until the run rests and the provider has its batch.</summary>
    public async Task RestsAsync(QueuedRun run)
    {
        await run.UntilAsync("paused");
        await Database.UntilAsync("SELECT bool_and(state = 'open') FROM ai_batches WHERE execution_id = $1 AND state <> 'ended'", [run.Id]);
    }

    /// <summary>The time of a run's parked calls is over, as the database's clock sees it.</summary>
    public async Task PassDeadlineAsync(QueuedRun run)
    {
        await Database.ExecuteAsync("UPDATE ai_batch_calls SET deadline = now() - interval '1 second' WHERE execution_id = $1", run.Id);
        await Database.ExecuteAsync("UPDATE ai_batches SET deadline = now() - interval '1 second' WHERE execution_id = $1", run.Id);
    }

    /// <summary>How the run's parked calls stand: item and state, in the order of items.</summary>
    public static async Task<string?> CallsAsync(QueuedRun run) => await run.AskAsync<string>(
        "SELECT string_agg(item || ' ' || state || coalesce(' ' || error_class, ''), ', ' ORDER BY item, generation, created_at) FROM ai_batch_calls WHERE execution_id = $1");

    /// <summary>How the run's batch calls are recorded.</summary>
    public static async Task<string?> RecordedAsync(QueuedRun run) => await run.AskAsync<string>(
        "SELECT string_agg(item || ' ' || status || coalesce(' ' || error_class, ''), ', ' ORDER BY item, generation, started_at) FROM ai_calls WHERE execution_id = $1 AND batch");

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Server.DisposeAsync();
        await Database.DisposeAsync();
    }
}
