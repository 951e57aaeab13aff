using Lekhika.Testing;
using Lekhika.Testing.Models;
using Lekhika.Testing.Models.Batches;
using Lekhika.Testing.Runs;
using Lekhika.Worker.Pipeline;

namespace Lekhika.Worker.Tests.Batches;

/// <summary>A run with the speed economy, from its first call to its book.</summary>
public sealed class EconomyRunSpecs
{
    [Fact]
    public async Task The_economy_book_is_the_standard_book_to_the_byte_and_every_chapter_was_asked_for_in_a_batch()
    {
        await using var economy = await EconomyWorker.StartAsync(EconomyWorker.Book(12));
        var standard = await QueuedRun.InsertAsync(economy.Database, chapters: 12);
        await standard.UntilAsync("exporting");
        var normal = economy.Server.Requests.Count;

        var run = await QueuedRun.InsertAsync(economy.Database, chapters: 12, economyHours: 24);
        await run.UntilAsync("exporting");

        (await run.TextAsync()).ShouldBe(await standard.TextAsync());
        (await ShapeAsync(run)).ShouldBe(await ShapeAsync(standard));
        economy.Server.Requests.Count.ShouldBe(normal + 3, "requirements, bible and outline");
        economy.Batches.Lines.Count.ShouldBe(12);
        var journal = await run.JournalAsync();
        journal.Count(type => type == "run.paused").ShouldBe(1);
        journal.Count(type => type == "run.resumed").ShouldBe(1);
        (await run.AskAsync<string>("SELECT (data->>'reason') || ' ' || (data->>'calls') FROM execution_events WHERE execution_id = $1 AND type = 'run.paused'")).ShouldBe("batch 12");
        (await run.AskAsync<bool>("SELECT bool_and(state = 'taken' AND answer IS NULL AND request IS NULL) FROM ai_batch_calls WHERE execution_id = $1")).ShouldBeTrue("nothing is kept twice");
        await Eventually.TrueAsync(() => Task.FromResult(economy.Server.Files == 0), "the provider keeps none of our texts");
    }

    [Fact]
    public async Task A_line_asks_what_a_normal_call_asks()
    {
        await using var economy = await EconomyWorker.StartAsync();
        var standard = await QueuedRun.InsertAsync(economy.Database, chapters: 2);
        await standard.UntilAsync("exporting");
        var asked = economy.ChapterCalls.Single(request => request.Chapter == 2).Body;

        var run = await QueuedRun.InsertAsync(economy.Database, chapters: 2, economyHours: 24);
        await run.UntilAsync("exporting");

        var line = economy.Batches.Lines.Single(line => new CompletionRequest(line.Body, "").Chapter == 2).Body;
        asked.EnumerateObject().Select(part => part.Name).Except(line.EnumerateObject().Select(part => part.Name)).ShouldBe(["stream", "stream_options"], ignoreOrder: true);
        line.EnumerateObject().ShouldAllBe(part => System.Text.Json.JsonElement.DeepEquals(part.Value, asked.GetProperty(part.Name)));
    }

    [Fact]
    public async Task A_run_that_waits_for_its_batch_holds_no_lease_and_no_place_in_the_worker_and_says_what_it_waits_for()
    {
        await using var economy = await EconomyWorker.StartAsync();
        economy.Batches.AreHeld = true;
        var run = await QueuedRun.InsertAsync(economy.Database, chapters: 2, economyHours: 24);
        await economy.RestsAsync(run);

        (await run.AskAsync<string>("SELECT concat_ws('|', lease_owner IS NULL AND lease_until IS NULL, waits_for_batch, current_step, chapters_done || '/' || chapters_total, progress > 0) FROM engine_executions WHERE id = $1"))
            .ShouldBe("t|t|Waits for a batch of 2 chapters|0/2|t");
        economy.Host.Service<ActiveRuns>().Count.ShouldBe(0);
        (await EconomyWorker.CallsAsync(run)).ShouldBe("1 submitted, 2 submitted");
        (await EconomyWorker.RecordedAsync(run)).ShouldBe("1 started, 2 started");
        economy.ChapterCalls.ShouldBeEmpty();
        var claims = await run.AskAsync<int>("SELECT attempt FROM engine_executions WHERE id = $1");
        var looks = economy.Batches.Looks;
        await Eventually.TrueAsync(() => Task.FromResult(economy.Batches.Looks > looks + 3), "it is looked at again and again");
        (await run.AskAsync<int>("SELECT attempt FROM engine_executions WHERE id = $1")).ShouldBe(claims, "without a worker");

        economy.Batches.AreHeld = false;
        await run.UntilAsync("exporting");
        (await EconomyWorker.RecordedAsync(run)).ShouldBe("1 succeeded, 2 succeeded");
    }

    [Theory]
    [InlineData(null, 0.0035)]
    [InlineData(0.25, 0.00175)]
    public async Task A_batch_call_costs_half_of_the_price_unless_the_price_says_otherwise(double? factor, double each)
    {
        await using var economy = await EconomyWorker.StartAsync();
        // 1,000 tokens in at 2 and 500 out at 10 dollars a million: 0.007 by a normal call.
        await economy.PriceAsync(2, 10, (decimal?)factor);
        var run = await QueuedRun.InsertAsync(economy.Database, chapters: 2, economyHours: 24);
        await run.UntilAsync("exporting");

        (await run.AskAsync<decimal[]>("SELECT array_agg(DISTINCT cost) FROM ai_calls WHERE execution_id = $1 AND batch")).ShouldBe([(decimal)each]);
        (await run.AskAsync<decimal[]>("SELECT array_agg(DISTINCT cost) FROM ai_calls WHERE execution_id = $1 AND NOT batch")).ShouldBe([0.007m]);
        (await run.AskAsync<bool>("SELECT bool_and(finish_reason = 'stop' AND model_answered = 'quill-1' AND input_tokens = 1000 AND output_tokens = 500 AND price_id IS NOT NULL AND milliseconds > 0) FROM ai_calls WHERE execution_id = $1 AND batch")).ShouldBeTrue();
        (await run.AskAsync<bool>("SELECT (SELECT sum(output_tokens) FROM ai_calls WHERE execution_id = $1) = output_tokens FROM engine_executions WHERE id = $1")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_model_without_a_batch_interface_writes_at_normal_speed()
    {
        await using var economy = await EconomyWorker.StartAsync(batches: null);
        var run = await QueuedRun.InsertAsync(economy.Database, chapters: 2, economyHours: 24);
        await run.UntilAsync("exporting");

        economy.ChapterCalls.Count().ShouldBe(2);
        (economy.Batches.Tries, economy.Batches.Looks).ShouldBe((0, 0));
        (await run.JournalAsync()).ShouldNotContain("run.paused");
    }

    [Fact]
    public async Task What_failed_in_the_batch_or_was_refused_or_is_missing_is_asked_for_normally_and_nothing_else_is()
    {
        await using var economy = await EconomyWorker.StartAsync(request => request switch
        {
            { Chapter: 1 } when !IsStreamed(request) => new CompletionAnswer("", Status: 500),
            { Chapter: 2 } when !IsStreamed(request) => new CompletionAnswer("") { Refusal = "No." },
            { Chapter: 4 } when !IsStreamed(request) => new CompletionAnswer("No \0 text."),
            _ => EconomyWorker.Book(5)(request),
        });
        economy.Batches.IsMissing = line => new CompletionRequest(line, "").Chapter == 3;
        var run = await QueuedRun.InsertAsync(economy.Database, chapters: 5, economyHours: 24);
        await run.UntilAsync("exporting");

        (await EconomyWorker.RecordedAsync(run)).ShouldBe("1 failed unavailable, 2 failed refused, 3 failed unavailable, 4 failed invalid_answer, 5 succeeded");
        economy.ChapterCalls.Select(request => request.Chapter).Order().ShouldBe([1, 2, 3, 4]);
        (await run.TextAsync()).ShouldContain(ScriptedBook.Chapter(1));
        (await run.JournalAsync()).ShouldNotContain("step.retried");
    }

    [Fact]
    public async Task An_answer_that_was_cut_at_its_limit_goes_on_by_normal_calls_where_it_ends()
    {
        await using var economy = await EconomyWorker.StartAsync(request => request.Chapter == 1
            ? IsStreamed(request) ? new CompletionAnswer("me, in the east.") : new CompletionAnswer("Once upon a ti", "length")
            : EconomyWorker.Book(2)(request));
        var run = await QueuedRun.InsertAsync(economy.Database, chapters: 2, economyHours: 24);
        await run.UntilAsync("exporting");

        (await run.TextAsync()).ShouldStartWith("1. Part 1 of the Way\n\nOnce upon a time, in the east.\n");
        economy.ChapterCalls.ShouldHaveSingleItem().Text.ShouldContain("<material name=\"written\">\n{\"text\":\"Once upon a ti\"}");
    }

    [Fact]
    public async Task An_answer_without_a_word_is_paid_and_asked_for_again_normally()
    {
        await using var economy = await EconomyWorker.StartAsync(request => request.Chapter == 1 && !IsStreamed(request) ? new CompletionAnswer("***") : EconomyWorker.Book(2)(request));
        var run = await QueuedRun.InsertAsync(economy.Database, chapters: 2, economyHours: 24);
        await run.UntilAsync("exporting");

        (await run.JournalAsync()).Count(type => type == "step.retried").ShouldBe(1);
        economy.ChapterCalls.ShouldHaveSingleItem().Chapter.ShouldBe(1);
        economy.Batches.Lines.Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_answer_that_the_policy_forbids_is_no_chapter()
    {
        await using var economy = await EconomyWorker.StartAsync(request => request.Chapter == 1 ? new CompletionAnswer("A word of gramarye.") : EconomyWorker.Book(2)(request));
        await economy.Database.ExecuteAsync("INSERT INTO content_policies (words) VALUES ('{gramarye}') ON CONFLICT (user_id) DO UPDATE SET words = '{gramarye}'");
        var run = await QueuedRun.InsertAsync(economy.Database, chapters: 2, economyHours: 24);
        await run.UntilAsync("failed");

        (await run.AskAsync<string>("SELECT error->>'class' FROM engine_executions WHERE id = $1")).ShouldBe("refused");
        (await run.AskAsync<long>("SELECT count(*) FROM chapter_versions WHERE execution_id = $1 AND number = 1")).ShouldBe(0);
        economy.ChapterCalls.ShouldBeEmpty();
    }

    [Fact]
    public async Task At_its_deadline_a_batch_is_cancelled_what_it_has_answered_counts_and_the_rest_is_asked_for_normally()
    {
        await using var economy = await EconomyWorker.StartAsync(EconomyWorker.Book(3));
        (economy.Batches.AreHeld, economy.Batches.Partial) = (true, 1);
        var run = await QueuedRun.InsertAsync(economy.Database, chapters: 3, economyHours: 1);
        await economy.RestsAsync(run);
        (await run.AskAsync<bool>("SELECT bool_and(deadline BETWEEN now() + interval '59 minutes' AND now() + interval '1 hour') FROM ai_batches WHERE execution_id = $1")).ShouldBeTrue();

        await economy.PassDeadlineAsync(run);
        await run.UntilAsync("exporting");

        economy.Batches.All.ShouldHaveSingleItem().IsCancelled.ShouldBeTrue();
        (await EconomyWorker.RecordedAsync(run)).ShouldBe("1 succeeded, 2 failed timed_out, 3 failed timed_out");
        economy.ChapterCalls.Select(request => request.Chapter).Order().ShouldBe([2, 3]);
    }

    [Fact]
    public async Task A_provider_that_does_not_even_cancel_holds_nobody_up_for_longer_than_its_grace()
    {
        await using var economy = await EconomyWorker.StartAsync();
        (economy.Batches.AreHeld, economy.Batches.NeverCancels) = (true, true);
        var run = await QueuedRun.InsertAsync(economy.Database, chapters: 2, economyHours: 1);
        await economy.RestsAsync(run);

        await economy.PassDeadlineAsync(run);
        await run.UntilAsync("exporting");

        economy.ChapterCalls.Count().ShouldBe(2);
        (await run.AskAsync<bool>("SELECT bool_and(cost IS NULL AND status = 'failed') FROM ai_calls WHERE execution_id = $1 AND batch")).ShouldBeTrue("what the provider charges nobody knows");
    }

    [Fact]
    public async Task A_batch_that_expires_leaves_its_rest_to_normal_calls()
    {
        await using var economy = await EconomyWorker.StartAsync(EconomyWorker.Book(3));
        (economy.Batches.Expire, economy.Batches.Partial) = (true, 2);
        var run = await QueuedRun.InsertAsync(economy.Database, chapters: 3, economyHours: 24);
        await run.UntilAsync("exporting");

        (await EconomyWorker.RecordedAsync(run)).ShouldBe("1 succeeded, 2 succeeded, 3 failed timed_out");
        economy.ChapterCalls.ShouldHaveSingleItem().Chapter.ShouldBe(3);
    }

    [Theory]
    [InlineData(BatchMaking.Busy, 2, 1)]
    [InlineData(BatchMaking.FailBefore, 2, 1)]
    [InlineData(BatchMaking.FailAfter, 1, 1)]
    public async Task A_making_that_went_wrong_leads_to_one_batch_and_no_second(BatchMaking first, int tries, int made)
    {
        await using var economy = await EconomyWorker.StartAsync();
        economy.Batches.Making = number => number == 1 ? first : BatchMaking.Well;
        var run = await QueuedRun.InsertAsync(economy.Database, chapters: 2, economyHours: 24);
        await run.UntilAsync("exporting");

        (economy.Batches.Tries, economy.Batches.All.Count).ShouldBe((tries, made));
        economy.ChapterCalls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_making_that_takes_long_after_one_that_went_wrong_is_held_by_one_worker_and_not_begun_again()
    {
        await using var economy = await EconomyWorker.StartAsync();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var made = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        economy.Batches.Making = number => number == 1 ? BatchMaking.FailBefore : BatchMaking.Well;
        economy.Batches.Before = number =>
        {
            if (number == 1)
            {
                return Task.CompletedTask;
            }

            asked.TrySetResult();
            return made.Task;
        };
        var run = await QueuedRun.InsertAsync(economy.Database, chapters: 2, economyHours: 24);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(15));

        (await run.AskAsync<bool>("SELECT lease_until > clock_timestamp() AND tried_at IS NOT NULL FROM ai_batches WHERE execution_id = $1")).ShouldBeTrue("nobody else may begin a making");
        made.SetResult();
        await run.UntilAsync("exporting");
        (economy.Batches.Tries, economy.Batches.All.Count).ShouldBe((2, 1));
    }

    [Fact]
    public async Task A_line_that_cannot_be_read_is_none_and_the_others_count()
    {
        await using var economy = await EconomyWorker.StartAsync();
        economy.Batches.Garbage = "<html>Bad gateway</html>\n";
        var run = await QueuedRun.InsertAsync(economy.Database, chapters: 2, economyHours: 24);
        await run.UntilAsync("exporting");

        economy.ChapterCalls.ShouldBeEmpty();
        (await EconomyWorker.CallsAsync(run)).ShouldBe("1 taken, 2 taken");
    }

    [Fact]
    public async Task A_refusal_in_a_batch_has_the_cost_of_what_the_provider_has_counted()
    {
        await using var economy = await EconomyWorker.StartAsync(request => request is { Chapter: 2 } && !IsStreamed(request)
            ? EconomyWorker.Book(2)(request) with { Refusal = "No." }
            : EconomyWorker.Book(2)(request));
        await economy.PriceAsync(10, 20);
        var run = await QueuedRun.InsertAsync(economy.Database, chapters: 2, economyHours: 24);
        await run.UntilAsync("exporting");

        (await run.AskAsync<string>("SELECT concat_ws(' ', error_class, input_tokens, output_tokens, cost) FROM ai_calls WHERE execution_id = $1 AND batch AND item = 2"))
            .ShouldBe("refused 1000 500 0.01000000", "half of what 1,000 tokens in and 500 out cost");
        economy.ChapterCalls.ShouldHaveSingleItem().Chapter.ShouldBe(2);
    }

    [Fact]
    public async Task A_provider_that_refuses_the_batch_is_asked_call_by_call()
    {
        await using var economy = await EconomyWorker.StartAsync();
        economy.Batches.Making = _ => BatchMaking.Refuse;
        var run = await QueuedRun.InsertAsync(economy.Database, chapters: 2, economyHours: 24);
        await run.UntilAsync("exporting");

        (economy.Batches.Tries, economy.ChapterCalls.Count()).ShouldBe((1, 2));
        (await run.AskAsync<string>("SELECT string_agg(DISTINCT error_class || ' ' || cost, ',') FROM ai_calls WHERE execution_id = $1 AND batch")).ShouldBe("permanent 0.00000000");
    }

    [Fact]
    public async Task An_answer_over_which_a_worker_died_is_taken_again_behind_the_scenes_that_are_durable()
    {
        await using var economy = await EconomyWorker.StartAsync();
        economy.Batches.AreHeld = true;
        var run = await QueuedRun.InsertAsync(economy.Database, chapters: 2, economyHours: 24);
        await economy.RestsAsync(run);
        var text = ScriptedBook.Chapter(1);
        var scene = text[..text.IndexOf('“', StringComparison.Ordinal)];
        await economy.Database.ExecuteAsync(
            "INSERT INTO chapter_scenes (execution_id, node_id, item, generation, scene, user_id, content) VALUES ($1, 'writer-1', 1, 1, 1, $2, $3)", run.Id, run.UserId, scene);

        economy.Batches.AreHeld = false;
        await run.UntilAsync("exporting");

        (await run.AskAsync<string>("SELECT content FROM chapter_versions WHERE execution_id = $1 AND number = 1")).ShouldBe(text);
        (await run.AskAsync<long>("SELECT count(*) FROM chapter_scenes WHERE execution_id = $1 AND item = 1")).ShouldBe(1);
        economy.ChapterCalls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_batch_has_no_more_calls_than_is_allowed()
    {
        await using var economy = await EconomyWorker.StartAsync(EconomyWorker.Book(5), settings: ("Batches:MostCalls", "2"));
        var run = await QueuedRun.InsertAsync(economy.Database, chapters: 5, economyHours: 24);
        await run.UntilAsync("exporting");

        economy.Batches.All.Select(batch => batch.Lines.Count).ShouldBe([2, 2, 1]);
        (await run.AskAsync<long>("SELECT count(*) FROM execution_events WHERE execution_id = $1 AND type = 'run.resumed'")).ShouldBe(1, "all of them are waited for");
    }

    private static bool IsStreamed(CompletionRequest request) => request.Body.TryGetProperty("stream", out _);

    private static async Task<string?> ShapeAsync(QueuedRun run) => await run.AskAsync<string>("""
        SELECT string_agg(concat_ws('|', c.number, c.version, c.words, md5(c.content), o.model, o.input_tokens, o.output_tokens, encode(o.hash, 'hex'), o.inputs), E'\n' ORDER BY c.number)
        FROM chapter_versions c JOIN node_outputs o ON o.execution_id = c.execution_id AND o.item = c.number AND o.kind = 'chapter' WHERE c.execution_id = $1
        """);
}
