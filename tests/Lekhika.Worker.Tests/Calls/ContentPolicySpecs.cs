using System.Text.Json;
using Lekhika.Core.Workflows;
using Lekhika.Testing.Chat;
using Lekhika.Testing.Models;
using Lekhika.Testing.Runs;
using Lekhika.Testing.Servers;
using Lekhika.Worker.Ai.Policies;
using Lekhika.Worker.Tests.Pipeline;

namespace Lekhika.Worker.Tests.Calls;

/// <summary>What a model has written is held against the tenant's policy before anything of it is kept.</summary>
public sealed class ContentPolicySpecs : IAsyncLifetime
{
    /// <summary>Of the scripted answer, not of the brief.</summary>
    private const string Answer = "A girl looks for a city.";
    private const string Forbidden = "Lantern of Sorrow";
    private static readonly string Padding = string.Join(' ', Enumerable.Repeat("She walked on.", 40));

    private readonly ScriptedChatClient _model = new();
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task A_book_that_says_nothing_of_the_kind_is_written()
    {
        await PolicyAsync(null, "{}", "never said");
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(2));
        var run = await QueuedRun.InsertAsync(_database, 2);

        await run.UntilAsync("exporting");
    }

    [Fact]
    public async Task A_refused_chapter_fails_the_run_without_another_try_and_is_kept_nowhere()
    {
        _model.When(request => ScriptedBook.ChapterOf(request) == 1).Say($"Mira held the {Forbidden} up.");
        var run = await FailedAsync(chapters: 1, user => user);

        (await ErrorAsync(run)).ShouldBe($"refused: The model's answer has what is not written here: a phrase of your own list ('{Forbidden}'). Change the brief or the content policy.");
        _model.Requests.Count(request => ScriptedBook.ChapterOf(request) == 1).ShouldBe(1);
        (await run.AskAsync<string>("SELECT error_class FROM dead_letters WHERE execution_id = $1")).ShouldBe("refused");
        (await StoredAsync(run)).ShouldNotContain("Mira held");
    }

    [Fact]
    public async Task A_phrase_of_the_platform_s_list_is_refused_and_not_repeated()
    {
        _model.When(request => ScriptedBook.ChapterOf(request) == 1).Say($"Mira held the {Forbidden} up.");
        var run = await FailedAsync(chapters: 1, _ => null);

        (await ErrorAsync(run)).ShouldBe("refused: The model's answer has what is not written here: a phrase that the platform refuses. Change the brief or the content policy.");
    }

    [Fact]
    public async Task A_refused_structure_fails_the_run_however_its_letters_are_escaped()
    {
        _model.When(ScriptedBook.AsksFor("bible")).Say(ScriptedBook.Plan("bible", 1).Replace("She finds it.", "The l\\u0061ntern\\nof Sorrow.", StringComparison.Ordinal));
        var run = await FailedAsync(chapters: 1, user => user);

        (await ErrorAsync(run)).ShouldStartWith("refused: ");
        (await run.AskAsync<string>("SELECT string_agg(kind, ',') FROM node_outputs WHERE execution_id = $1")).ShouldBe("requirements");
    }

    [Fact]
    public async Task Of_a_chapter_whose_second_scene_is_refused_the_first_scene_alone_is_kept()
    {
        _model.When(request => ScriptedBook.ChapterOf(request) == 1)
            .Say($"The first scene. {Padding}\n\n***\n\nThe second has the {Forbidden}. {Padding}\n\n***\n\nThe third.");
        var run = await FailedAsync(chapters: 1, user => user);

        (await run.AskAsync<string[]>("SELECT array_agg(left(content, 16) ORDER BY scene) FROM chapter_scenes WHERE execution_id = $1")).ShouldBe(["The first scene."]);
        (await StoredAsync(run)).ShouldNotContain("The second has");
    }

    [Fact]
    public async Task A_phrase_that_goes_over_the_end_of_a_scene_is_found_wherever_in_the_chapter_it_is()
    {
        _model.When(request => ScriptedBook.ChapterOf(request) == 1)
            .Say($"The first scene ends with the Lantern\n\n***\n\nof Sorrow. {Padding} {Padding} {Padding}\n\n***\n\nThe third. {Padding}\n\n***\n\nThe fourth.");
        var run = await FailedAsync(chapters: 1, user => user);

        (await ErrorAsync(run)).ShouldStartWith("refused: ");
    }

    [Fact]
    public async Task A_chapter_that_platform_and_user_want_explicit_is_written_and_refused_when_one_does_not()
    {
        const string scene = "She said: an explicit sex scene follows.";
        _model.When(request => ScriptedBook.ChapterOf(request) == 1).Say(scene);
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(1), ("Models:Reread", "00:00:00"));
        var run = await QueuedRun.InsertAsync(_database, 1);
        await run.UntilAsync("failed");
        (await ErrorAsync(run)).ShouldContain("sexually explicit content");

        await PolicyAsync(null, """{"adult": true}""");
        await AgainAsync(run, "failed");
        await PolicyAsync(run.UserId, """{"adult": true}""");
        await AgainAsync(run, "exporting");
    }

    [Theory]
    [InlineData("sexual", "sexually explicit content")]
    [InlineData("sexual/minors", "sexual content with minors")]
    [InlineData("self-harm/intent", "what encourages or teaches to harm oneself")]
    [InlineData("hate/threatening", "incitement against people for what they are")]
    [InlineData("harassment/threatening", "incitement against people for what they are")]
    [InlineData("illicit/violent", "instructions for crimes")]
    public async Task What_a_moderation_model_flags_and_the_policy_refuses_fails_the_run(string category, string what)
    {
        await using var server = await ModerationAsync(category, Answer);
        var run = await RunAsync(server, "failed");

        (await ErrorAsync(run)).ShouldBe($"refused: The model's answer has what is not written here: {what}. Change the brief or the content policy.");
        (await ModerationsAsync(run)).ShouldBe(["moderation judge-1 succeeded true", "moderation judge-1 succeeded true"], "the brief, and the answer");
    }

    [Fact]
    public async Task A_brief_that_the_moderation_model_flags_ends_the_run_before_any_model_writes_for_it()
    {
        await using var server = await ModerationAsync("sexual/minors");
        var run = await RunAsync(server, "failed");

        (await ErrorAsync(run)).ShouldBe("refused: The brief asks for what is not written here: sexual content with minors. Change the brief or the content policy.");
        _model.Requests.ShouldBeEmpty("nothing was asked of a model that writes");
        (await ModerationsAsync(run)).ShouldBe(["moderation judge-1 succeeded true"]);
        server.Requests.ShouldHaveSingleItem().Body.GetProperty("input").GetString()!.ShouldContain("Mira looks for the Lantern City.");
        (await run.AskAsync<string>("SELECT error_class FROM dead_letters WHERE execution_id = $1")).ShouldBe("refused");
    }

    [Theory]
    [InlineData("sexual/minors", null, "The brief asks for what is not written here: sexual content with minors. Change the brief or the content policy.")]
    [InlineData(null, "sexual", "The brief asks for what is not written here: sexually explicit content. Change the brief or the content policy.")]
    [InlineData(null, null, null)]
    public async Task A_user_s_own_moderation_model_judges_besides_the_platform_s_and_not_in_its_place(string? platforms, string? own, string? refusal)
    {
        await using var court = await ModerationAsync(platforms);
        await using var house = await ModerationAsync(own);
        await ModeratedAsync(null, court);
        var run = await RunAsync(house, refusal is null ? "completed" : "failed");

        (await run.AskAsync<string>("SELECT error ->> 'message' FROM engine_executions WHERE id = $1")).ShouldBe(refusal);
        (court.Requests.Count, house.Requests.Count).ShouldBe(refusal is null ? (2, 2) : platforms is null ? (1, 1) : (1, 0), "the brief, and the answer; the platform's first");
    }

    [Fact]
    public async Task A_brief_is_judged_once_and_not_again_when_another_worker_goes_on_after_a_paid_step()
    {
        await using var server = await ModerationAsync(null);
        var run = await RunAsync(server, "completed");
        server.Requests.Count.ShouldBe(2);
        await using var worker = await WorkerHost.StartAsync(_database, _model, ("Providers:AllowPrivateAddresses", "true"));

        await run.AskAsync<string>("UPDATE engine_executions SET status = 'queued', queued_at = now(), finished_at = NULL WHERE id = $1 RETURNING 'x'");
        await run.UntilAsync("completed");

        server.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Moderation_calls_keep_to_the_limits_of_their_provider()
    {
        var (inside, most) = (0, 0);
        using var another = new SemaphoreSlim(0);
        await using var server = await ChatCompletionsServer.StartAsync(_ =>
        {
            // The first one waits for another to come, which a limit of one at a time does not let in.
            if (Interlocked.Increment(ref inside) is var now && now > 1)
            {
                another.Release();
            }
            else
            {
                another.Wait(TimeSpan.FromMilliseconds(200));
            }

            most = Math.Max(most, now);
            Interlocked.Decrement(ref inside);
            return new CompletionAnswer(Judgement(null));
        });
        var runs = new[] { await OneNodeAsync(), await OneNodeAsync() };
        var provider = await ModeratedAsync(null, server);
        await _database.ExecuteAsync("UPDATE ai_providers SET settings = '{\"concurrency\": 1}' WHERE id = $1", provider);
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(1));
        foreach (var run in runs)
        {
            await run.UntilAsync("completed");
        }

        most.ShouldBe(1);
    }

    [Fact]
    public async Task A_moderation_model_that_is_out_is_not_asked_by_every_run()
    {
        await using var server = await ChatCompletionsServer.StartAsync(_ => new CompletionAnswer("{}", Status: 503));
        await ModeratedAsync(null, server);
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(1));
        for (var run = 0; run < 12; run++)
        {
            await (await OneNodeAsync()).UntilAsync("completed");
        }

        server.Requests.Count.ShouldBe(10, "then its breaker is open, and 24 would have been");
    }

    [Theory]
    [InlineData("violence/graphic")]
    [InlineData("violence")]
    [InlineData("harassment")]
    [InlineData("something/new")]
    public async Task What_a_moderation_model_flags_and_the_policy_allows_is_written(string category)
    {
        await using var server = await ModerationAsync(category);
        var run = await RunAsync(server, "completed");

        (await ModerationsAsync(run)).ShouldBe(["moderation judge-1 succeeded true", "moderation judge-1 succeeded true"]);
        server.Requests.Count.ShouldBe(2, "the brief, and the answer");
        var asked = server.Requests[^1];
        asked.Path.ShouldBe("/v1/moderations");
        asked.Model.ShouldBe("judge-1");
        asked.Body.GetProperty("input").GetString()!.ShouldContain(Answer);
    }

    [Theory]
    [InlineData(500, "{}")]
    [InlineData(200, "not json")]
    [InlineData(200, """{"results": []}""")]
    public async Task A_moderation_model_that_does_not_answer_holds_nothing_up(int status, string body)
    {
        await using var server = await ChatCompletionsServer.StartAsync(_ => new CompletionAnswer(body, Status: status));
        var run = await RunAsync(server, "completed");

        (await ModerationsAsync(run)).ShouldBe(["moderation judge-1 failed true", "moderation judge-1 failed true"]);
    }

    [Fact]
    public async Task A_chapter_is_judged_once_scene_by_scene_and_a_flagged_scene_is_kept_nowhere()
    {
        await using var server = await ChatCompletionsServer.StartAsync(
            request => new CompletionAnswer(Judgement(request.Body.GetProperty("input").GetString()!.Contains("gloom", StringComparison.Ordinal) ? "sexual" : null)));
        _model.When(request => ScriptedBook.ChapterOf(request) == 1).Say("First there was light.\n\n***\n\nThen came gloom.\n\n***\n\nAfter it, day.");
        var run = await QueuedRun.InsertAsync(_database, 1);
        await ModeratedAsync(run.UserId, server);
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(1), ("Providers:AllowPrivateAddresses", "true"));
        await run.UntilAsync("failed");

        server.Requests.Select(request => request.Body.GetProperty("input").GetString()!).Count(text => text.Contains("First there was light", StringComparison.Ordinal)).ShouldBe(1);
        (await StoredAsync(run)).ShouldSatisfyAllConditions(text => text.ShouldContain("First there was light"), text => text.ShouldNotContain("Then came gloom"));
    }

    [Fact]
    public void A_long_answer_is_judged_in_pieces_that_lose_nothing()
    {
        var text = string.Concat(Enumerable.Range(0, 12_000).Select(i => i % 3 == 0 ? "😀" : $"w{i} ")) + new string('x', 50_000) + string.Concat(Enumerable.Repeat("😀", 20_001));

        var pieces = Moderator.Pieces(text).ToList();

        string.Concat(pieces).ShouldBe(text);
        pieces.ShouldAllBe(piece => piece.Length > 0 && piece.Length <= Moderator.MaxPiece && !char.IsHighSurrogate(piece.Last()));
    }

    /// <summary>A moderation model that flags what has a text in it; null: everything, or with no category nothing.</summary>
    private static Task<ChatCompletionsServer> ModerationAsync(string? category, string? flags = null) => ChatCompletionsServer.StartAsync(
        request => new CompletionAnswer(Judgement(flags is null || request.Body.GetProperty("input").GetString()!.Contains(flags, StringComparison.Ordinal) ? category : null)));

    private static string Judgement(string? category) => JsonSerializer.Serialize(new
    {
        id = "modr-1",
        model = "judge-1-2026",
        results = new[] { new { flagged = category is not null, categories = new Dictionary<string, bool?> { [category ?? "sexual"] = category is not null, ["illicit"] = null } } },
    });

    /// <summary>A run of one structured answer, of a tenant who has a moderation model.</summary>
    private async Task<QueuedRun> RunAsync(ChatCompletionsServer server, string end)
    {
        var run = await OneNodeAsync();
        await ModeratedAsync(run.UserId, server);
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(1), ("Providers:AllowPrivateAddresses", "true"));
        await run.UntilAsync(end);
        return run;
    }

    private Task<QueuedRun> OneNodeAsync() => QueuedRun.InsertAsync(
        _database, workflow: new WorkflowDefinition([new("in", NodeType.Input, new NodeData { Label = "in", Role = "story_input" })], []), formats: []);

    /// <summary>Gives a user, or the platform, a moderation model.</summary>
    private async Task<Guid> ModeratedAsync(Guid? user, ChatCompletionsServer server)
    {
        var (provider, model, owner) = (Guid.NewGuid(), Guid.NewGuid(), (object?)user ?? DBNull.Value);
        await _database.ExecuteAsync("INSERT INTO ai_providers (id, name, provider, base_url, user_id) VALUES ($1, 'court', 'openai_compatible', $2, $3)", provider, server.BaseUrl, owner);
        await _database.ExecuteAsync(
            "INSERT INTO ai_model_metadata (id, provider_id, user_id, model_id, display_name, capabilities) VALUES ($3, $1, $2, 'judge-1', 'Judge', ARRAY['moderation'])", provider, owner, model);
        await _database.ExecuteAsync(
            "INSERT INTO ai_model_prices (id, model_id, user_id, version, input_per_million, output_per_million) VALUES (gen_random_uuid(), $1, $2, 1, 0, 0)", model, owner);
        return provider;
    }

    /// <summary>A book whose forbidden phrase stands in a list of the user's, or of the platform's.</summary>
    private async Task<QueuedRun> FailedAsync(int chapters, Func<Guid, Guid?> owner)
    {
        var run = await QueuedRun.InsertAsync(_database, chapters);
        await PolicyAsync(owner(run.UserId), "{}", Forbidden);
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(chapters));
        await run.UntilAsync("failed");
        return run;
    }

    private Task PolicyAsync(Guid? user, string categories, params string[] words) => _database.ExecuteAsync(
        "INSERT INTO content_policies (user_id, categories, words) VALUES ($1, $2::jsonb, $3)", (object?)user ?? DBNull.Value, categories, words);

    private async Task AgainAsync(QueuedRun run, string end)
    {
        await _database.ExecuteAsync("UPDATE engine_executions SET status = 'queued', queued_at = now(), error = NULL, finished_at = NULL WHERE id = $1", run.Id);
        await run.UntilAsync(end);
    }

    private static async Task<string> ErrorAsync(QueuedRun run) =>
        (await run.AskAsync<string>("SELECT (error->>'class') || ': ' || (error->>'message') FROM engine_executions WHERE id = $1"))!;

    private static async Task<string[]> ModerationsAsync(QueuedRun run) => (await run.AskAsync<string[]>("""
        SELECT array_agg(task || ' ' || model_asked || ' ' || status || ' ' || own_key) FROM ai_calls WHERE execution_id = $1 AND operation = 'moderation'
        """))!;

    /// <summary>Everything of the run that is on disk.</summary>
    private static async Task<string> StoredAsync(QueuedRun run) => (await run.AskAsync<string>("""
        SELECT concat_ws(E'\n',
            (SELECT string_agg(t::text, E'\n') FROM engine_executions t WHERE id = $1),
            (SELECT string_agg(t::text, E'\n') FROM node_outputs t WHERE execution_id = $1),
            (SELECT string_agg(t::text, E'\n') FROM chapter_scenes t WHERE execution_id = $1),
            (SELECT string_agg(t::text, E'\n') FROM chapter_versions t WHERE execution_id = $1),
            (SELECT string_agg(t::text, E'\n') FROM execution_events t WHERE execution_id = $1),
            (SELECT string_agg(t::text, E'\n') FROM dead_letters t WHERE execution_id = $1),
            (SELECT string_agg(t::text, E'\n') FROM ai_calls t WHERE execution_id = $1))
        """))!;
}
