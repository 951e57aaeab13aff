using Lekhika.Testing;
using Lekhika.Testing.Models;
using Lekhika.Testing.Models.Batches;
using Lekhika.Testing.Processes;
using Lekhika.Testing.Runs;
using Lekhika.Testing.Servers;
using Lekhika.Worker.Tests.Faults;

namespace Lekhika.Worker.Tests.Batches;

/// <summary>The shipped worker, killed while its calls are with the provider; the provider's server is the oracle of what was asked.</summary>
public sealed class BatchFaultSpecs : IAsyncLifetime
{
    private const int Chapters = 3;

    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task A_worker_that_is_killed_between_sending_and_answer_leaves_a_run_that_another_one_finishes_with_nothing_asked_twice()
    {
        await using var server = await ChatCompletionsServer.StartAsync(EconomyWorker.Book(Chapters));
        server.Batches.AreHeld = true;
        var run = await QueuedRun.InsertAsync(_database, Chapters, economyHours: 24);
        await using var first = await StartAsync(openAi: server.BaseUrl);
        await _database.UntilAsync("SELECT bool_and(state = 'open') FROM ai_batches WHERE execution_id = $1", [run.Id], TimeSpan.FromSeconds(30));

        await first.KillAsync();
        server.Batches.AreHeld = false;
        await using var second = await StartAsync(openAi: server.BaseUrl);
        await run.UntilAsync("exporting", TimeSpan.FromSeconds(30));

        server.Batches.Tries.ShouldBe(1);
        server.Batches.Lines.Count.ShouldBe(Chapters);
        server.Requests.Count.ShouldBe(3, "requirements, bible and outline");
        await run.JournalAsync();
        (await run.AskAsync<long>("SELECT count(*) FROM ai_calls WHERE execution_id = $1 AND status <> 'succeeded'")).ShouldBe(0);
    }

    [Fact]
    public async Task A_worker_that_is_killed_over_the_making_of_a_batch_leaves_one_that_is_found_by_our_id()
    {
        await using var server = await ChatCompletionsServer.StartAsync(EconomyWorker.Book(Chapters));
        await ShouldBeFoundAsync(server.Batches, () => StartAsync(openAi: server.BaseUrl));
        server.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_worker_that_is_stopped_over_the_making_hands_the_batch_back_without_its_lease()
    {
        await using var server = await ChatCompletionsServer.StartAsync(EconomyWorker.Book(Chapters));
        server.Batches.Making = number => number == 1 ? BatchMaking.HangAfter : BatchMaking.Well;
        var run = await QueuedRun.InsertAsync(_database, Chapters, economyHours: 24);
        await using var first = await StartAsync(openAi: server.BaseUrl, lease: "01:00:00");
        await Eventually.TrueAsync(() => Task.FromResult(server.Batches.All.Count == 1), "it is made, and nobody is told", TimeSpan.FromSeconds(30));

        await first.StopAsync();

        (await run.AskAsync<string>("SELECT concat_ws(' ', state, tried_at IS NOT NULL, lease_owner IS NULL AND lease_until IS NULL) FROM ai_batches WHERE execution_id = $1")).ShouldBe("making t t");
        await using var second = await StartAsync(openAi: server.BaseUrl, lease: "01:00:00");
        await run.UntilAsync("exporting", TimeSpan.FromSeconds(30));
        server.Batches.Tries.ShouldBe(1, "the second worker found it");
    }

    [Fact]
    public async Task At_Anthropic_it_is_found_by_its_calls_once_it_has_ended()
    {
        await using var server = await AnthropicServer.StartAsync(AnthropicBook.Answer);
        await ShouldBeFoundAsync(server.Batches, () => StartAsync(anthropic: server.BaseUrl), hold: true);
        server.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Anthropic_writes_a_book_in_a_batch_and_what_its_chapters_share_is_marked_for_the_cache()
    {
        await using var server = await AnthropicServer.StartAsync(AnthropicBook.Answer);
        var run = await QueuedRun.InsertAsync(_database, Chapters, economyHours: 24);
        await using var worker = await StartAsync(anthropic: server.BaseUrl);
        await run.UntilAsync("exporting", TimeSpan.FromSeconds(30));

        (await run.TextAsync()).ShouldContain(ScriptedBook.Chapter(Chapters));
        server.Requests.Count.ShouldBe(3);
        server.Batches.Lines.Count.ShouldBe(Chapters);
        server.Batches.Lines.ShouldAllBe(line => line.Body.GetRawText().Contains("cache_control", StringComparison.Ordinal));
        (await run.AskAsync<bool>("SELECT bool_and(provider = 'anthropic' AND status = 'succeeded' AND input_tokens > 0) FROM ai_calls WHERE execution_id = $1 AND batch")).ShouldBeTrue();
    }

    [Fact]
    public async Task Two_workers_make_each_batch_once()
    {
        await using var server = await ChatCompletionsServer.StartAsync(EconomyWorker.Book(Chapters));
        await using var first = await StartAsync(openAi: server.BaseUrl);
        await using var second = await StartAsync(openAi: server.BaseUrl);
        var runs = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => QueuedRun.InsertAsync(_database, Chapters, economyHours: 24)));
        foreach (var run in runs)
        {
            await run.UntilAsync("exporting", TimeSpan.FromSeconds(40));
            await run.JournalAsync();
        }

        server.Batches.Tries.ShouldBe(6);
        server.Batches.Lines.Count.ShouldBe(6 * Chapters);
        server.Batches.Lines.Select(line => line.CustomId).Distinct().Count().ShouldBe(6 * Chapters);
    }

    private async Task ShouldBeFoundAsync(ServedBatches batches, Func<Task<ServiceProcess>> startAsync, bool hold = false)
    {
        batches.AreHeld = hold;
        batches.Making = number => number == 1 ? BatchMaking.HangAfter : BatchMaking.Well;
        var run = await QueuedRun.InsertAsync(_database, Chapters, economyHours: 24);
        await using (var first = await startAsync())
        {
            await Eventually.TrueAsync(() => Task.FromResult(batches.All.Count == 1), "it is made, and nobody is told", TimeSpan.FromSeconds(30));
            await first.KillAsync();
        }

        (await run.AskAsync<string>("SELECT state || ' ' || (tried_at IS NOT NULL) FROM ai_batches WHERE execution_id = $1")).ShouldBe("making true");
        await using var second = await startAsync();
        if (hold)
        {
            await _database.UntilAsync("SELECT looks > 1 FROM ai_batches WHERE execution_id = $1", [run.Id]);
            batches.Tries.ShouldBe(1, "as long as it is unclear nothing is made");
            batches.AreHeld = false;
        }

        await run.UntilAsync("exporting", TimeSpan.FromSeconds(30));

        batches.Tries.ShouldBe(1);
        batches.Lines.Count.ShouldBe(Chapters);
    }

    private Task<ServiceProcess> StartAsync(string? openAi = null, string? anthropic = null, string lease = "00:00:01") => WorkerProcess.StartAsync(
        _database, openAi: openAi, anthropic: anthropic, more: [.. EconomyWorker.Quick, ("Batches:Lease", lease), ("LEKHIKA_OPENAI_BATCHES", "true"), ("LEKHIKA_ANTHROPIC_BATCHES", "true")]);
}
