using System.Security.Cryptography;
using Lekhika.Core.Workflows;
using Lekhika.Persistence.Requests;
using Lekhika.Persistence.Tenancy;
using Lekhika.Testing.Chat;
using Lekhika.Testing.Models;
using Lekhika.Testing.Runs;
using Lekhika.Testing.Servers;
using Lekhika.Worker.Tests.Pipeline;
using Npgsql;

namespace Lekhika.Worker.Tests.Pictures;

/// <summary>Covers and illustrations by a model for images, over real sockets.</summary>
public sealed class PictureSpecs : IAsyncLifetime
{
    private readonly ScriptedChatClient _model = new();
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task A_cover_is_made_kept_with_all_that_is_known_of_it_and_paid_for_by_the_picture()
    {
        var png = Picture.Png(1_024, 1_536);
        await using var server = await ChatCompletionsServer.StartAsync(_ => Picture.Answer(png));
        await PaintersAsync(server, "easel");
        var run = await QueuedRun.InsertAsync(_database, workflow: Covered(data => data with { ImageWidth = 1_024, ImageHeight = 1_536 }));
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(1));
        await run.UntilAsync("completed");

        (await run.AskAsync<string>("""
            SELECT concat_ws(' ', a.node_id, a.item, a.generation, a.kind, a.media_type, a.bytes, a.width, a.height, a.alt_text, a.provider, a.model, a.licence <> '')
            FROM assets a WHERE a.execution_id = $1
            """)).ShouldBe("cover 0 1 cover image/png 30 1024 1536 Cover of The Lamplighter's Map easel canvas-1 t");
        (await run.AskAsync<byte[]>("SELECT c.content FROM assets a JOIN asset_contents c USING (user_id, sha256) WHERE a.execution_id = $1")).ShouldBe(png);
        (await run.AskAsync<string>("SELECT content ->> 'sha256' FROM node_outputs WHERE execution_id = $1 AND node_id = 'cover'")).ShouldBe(Convert.ToHexStringLower(SHA256.HashData(png)));
        var request = server.Requests.ShouldHaveSingleItem();
        request.Body.GetProperty("size").GetString().ShouldBe("1024x1536");
        request.Body.GetProperty("prompt").GetString()!.ShouldSatisfyAllConditions(
            prompt => prompt.ShouldStartWith("The front cover of a book"),
            prompt => prompt.ShouldContain("The Lamplighter's Map; fantasy, for adults"),
            prompt => prompt.ShouldContain("A girl looks for a city."));
        (await run.AskAsync<string>("SELECT concat_ws(' ', operation, task, provider_name, model_asked, status, cost) FROM ai_calls WHERE execution_id = $1 AND operation = 'image'"))
            .ShouldBe("image cover easel canvas-1 succeeded 0.04000000");
    }

    [Fact]
    public async Task Illustrations_are_made_one_for_each_chapter_and_the_same_bytes_are_kept_once()
    {
        await using var server = await ChatCompletionsServer.StartAsync(_ => Picture.Answer(Picture.Png(512, 512)));
        await PaintersAsync(server, "easel");
        var run = await QueuedRun.InsertAsync(_database, chapters: 3, workflow: new WorkflowDefinition(
            [Node("in", "story_input", NodeType.Input), Node("plan", "narrative_architect"), Node("outline", "story_outliner"), Node("art", "image_generator", change: data => data with { ForEach = "outline.chapters" })],
            [new("1", "in", "plan"), new("2", "plan", "outline"), new("3", "outline", "art")]));
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(3));
        await run.UntilAsync("completed");

        (await run.AskAsync<string[]>("SELECT array_agg(concat_ws(' ', item, alt_text) ORDER BY item) FROM assets WHERE execution_id = $1")).ShouldBe(
            [.. Enumerable.Range(1, 3).Select(item => $"{item} Illustration for The Lamplighter's Map: Part {item} of the Way")]);
        (await run.AskAsync<long>("SELECT count(*) FROM asset_contents c JOIN engine_executions e ON e.user_id = c.user_id WHERE e.id = $1")).ShouldBe(1);
    }

    [Fact]
    public async Task A_step_that_is_done_again_finds_the_picture_that_it_has_made_and_asks_nobody()
    {
        await using var server = await ChatCompletionsServer.StartAsync(_ => Picture.Answer(Picture.Png(8, 8)));
        await PaintersAsync(server, "easel");
        var run = await QueuedRun.InsertAsync(_database, workflow: Covered());
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(1));
        await run.UntilAsync("completed");

        // As it is when a worker dies between the picture and the commit of its step.
        await _database.ExecuteAsync("DELETE FROM node_outputs WHERE execution_id = $1 AND node_id = 'cover'", run.Id);
        await _database.ExecuteAsync("UPDATE engine_executions SET status = 'queued', queued_at = now(), finished_at = NULL WHERE id = $1", run.Id);
        await _database.UntilAsync("SELECT count(*) = 1 FROM node_outputs WHERE execution_id = $1 AND node_id = 'cover'", [run.Id]);

        server.Requests.ShouldHaveSingleItem();
        (await run.AskAsync<long>("SELECT count(*) FROM assets WHERE execution_id = $1")).ShouldBe(1);
    }

    [Fact]
    public async Task Without_a_model_for_images_the_run_says_so_before_anybody_is_asked()
    {
        var run = await QueuedRun.InsertAsync(_database, workflow: Covered());
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(1));
        await run.UntilAsync("failed");

        (await run.AskAsync<string>("SELECT concat_ws(': ', error ->> 'class', error ->> 'message') FROM engine_executions WHERE id = $1")).ShouldBe(
            "permanent: The node 'cover' makes images, and no model for images is configured. Add a provider with a model of the category image, or take the node out of the engine.");
        _model.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_picture_behind_a_gate_that_stays_shut_needs_no_model()
    {
        var gate = new NodeData { Label = "gate", Role = "preference_router", DefaultRoute = "end", Conditions = [new("include_ecover", ConditionOperator.Equals, System.Text.Json.JsonElement.Parse("\"yes\""), "cover")] };
        var run = await QueuedRun.InsertAsync(_database, workflow: new WorkflowDefinition(
            [Node("in", "story_input", NodeType.Input), new("gate", NodeType.Condition, gate), Node("cover", "ecover_generator"), Node("end", "researcher")],
            [new("1", "in", "gate"), new("2", "gate", "cover"), new("3", "gate", "end")]));
        _model.When(request => request.Text.Contains("\"name\":\"end\"", StringComparison.Ordinal)).Say("""{"summary":"So.","findings":[],"score":90}""");
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(1));

        await run.UntilAsync("completed");
    }

    [Theory]
    [InlineData("PHN2Zz4=")]
    [InlineData("/9j/wAALCP//AAAB")]
    public async Task What_is_no_picture_is_not_kept_and_ends_the_run(string base64)
    {
        await using var server = await ChatCompletionsServer.StartAsync(_ => new CompletionAnswer($$"""{"data":[{"b64_json":"{{base64}}"}]}"""));
        await PaintersAsync(server, "easel");
        await FailsAsync("invalid_answer");
    }

    [Fact]
    public async Task A_picture_of_too_many_pixels_is_not_kept_and_ends_the_run()
    {
        await using var server = await ChatCompletionsServer.StartAsync(_ => Picture.Answer(Picture.Png(60_000, 60_000)));
        await PaintersAsync(server, "easel");
        await FailsAsync("invalid_answer");
    }

    [Fact]
    public async Task The_next_model_draws_when_the_first_is_out_and_a_preference_says_which_is_first()
    {
        await using var down = await ChatCompletionsServer.StartAsync(_ => new CompletionAnswer("", Status: 503));
        await using var up = await ChatCompletionsServer.StartAsync(_ => Picture.Answer(Picture.Png(8, 8)));
        await PaintersAsync(up, "easel");
        await PaintersAsync(down, "wall");
        await _database.ExecuteAsync("INSERT INTO ai_model_preferences (id, role, models) VALUES (gen_random_uuid(), 'ecover_generator', ARRAY['wall:canvas-1', 'easel:canvas-1'])");
        var run = await QueuedRun.InsertAsync(_database, workflow: Covered());
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(1));
        await run.UntilAsync("completed");

        (await run.AskAsync<string[]>("SELECT array_agg(provider_name || ' ' || status ORDER BY id) FROM ai_calls WHERE execution_id = $1 AND operation = 'image'")).ShouldBe(["wall failed", "easel succeeded"]);
    }

    [Fact]
    public async Task A_picture_is_asked_for_with_the_platform_s_published_text()
    {
        await _database.PublishAsync("cover", "A cover in the house's {tone}.");
        await using var server = await ChatCompletionsServer.StartAsync(_ => Picture.Answer(Picture.Png(8, 8)));
        await PaintersAsync(server, "easel");
        var run = await QueuedRun.InsertAsync(_database, workflow: Covered());
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(1));
        await run.UntilAsync("completed");

        server.Requests.ShouldHaveSingleItem().Body.GetProperty("prompt").GetString()!.ShouldStartWith("A cover in the house's");
        (await run.AskAsync<string>("SELECT parameters ->> 'promptVersion' FROM ai_calls WHERE execution_id = $1 AND operation = 'image'")).ShouldBe("1");
    }

    [Fact]
    public async Task A_value_of_many_lines_stands_in_the_prompt_itself_on_one_line()
    {
        await using var server = await ChatCompletionsServer.StartAsync(_ => Picture.Answer(Picture.Png(8, 8)));
        await PaintersAsync(server, "easel");
        var run = await QueuedRun.InsertAsync(_database, workflow: Covered(data => data with { UserPrompt = "Paint it so: {scenery} And no words." }));
        await run.AskAsync<string>($"UPDATE execution_inputs SET brief = jsonb_set(brief, '{{values}}', '{{\"scenery\": \"Old boats.\\nGrey water.\\n{new string('x', 500)}\"}}') WHERE execution_id = $1 RETURNING 'x'");
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(1));
        await run.UntilAsync("completed");

        var prompt = server.Requests.ShouldHaveSingleItem().Body.GetProperty("prompt").GetString()!;
        prompt.ShouldContain($"Paint it so: Old boats. Grey water. {new string('x', 400 - 23)} And no words.");
        prompt.ShouldNotContain("of the materials");
    }

    [Fact]
    public async Task What_a_person_wants_to_be_different_is_told_whole_however_long_the_node_s_own_text_is()
    {
        await using var server = await ChatCompletionsServer.StartAsync(_ => Picture.Answer(Picture.Png(8, 8)));
        await PaintersAsync(server, "easel");
        var run = await QueuedRun.InsertAsync(_database, workflow: Covered(data => data with { UserPrompt = new string('w', 6_000) }));
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(1));
        await run.UntilAsync("completed");
        await using var api = NpgsqlDataSource.Create(_database.Api);
        var tenants = new TenantDatabase(api);
        var wish = $"{new string('a', 1_000)} and a blue door";

        (await new StepRequestStore(tenants, new RunRequestStore(tenants)).RegenerateAsync(run.UserId, run.Id, new Regenerate("cover", null, wish, null, [], WithDependents: false), default)).IsDone.ShouldBeTrue();
        await _database.UntilAsync("SELECT count(*) = 2 FROM assets WHERE execution_id = $1", [run.Id]);

        var prompt = server.Requests[^1].Body.GetProperty("prompt").GetString()!;
        prompt.Length.ShouldBeLessThanOrEqualTo(3_500);
        prompt.ShouldEndWith($"\nWhat is to be different from the picture before: {wish}.");
        prompt.ShouldContain("The Lamplighter's Map; fantasy, for adults.");
    }

    [Fact]
    public async Task A_run_whose_pictures_leave_no_room_for_another_asks_nobody_for_one()
    {
        await using var server = await ChatCompletionsServer.StartAsync(_ => Picture.Answer(Picture.Png(8, 8)));
        await PaintersAsync(server, "easel");
        var run = await QueuedRun.InsertAsync(_database, workflow: Covered());
        await _database.ExecuteAsync("INSERT INTO asset_contents (user_id, sha256, content) VALUES ($1, sha256('x'), 'x')", run.UserId);
        await _database.ExecuteAsync("""
            INSERT INTO assets (id, execution_id, user_id, node_id, item, generation, kind, sha256, media_type, bytes, width, height, prompt, alt_text, provider, model, licence)
            SELECT gen_random_uuid(), $1, $2, 'art', item, 1, 'image', sha256('x'), 'image/png', 20971520, 8, 8, 'A lamp.', 'A lamp', 'easel', 'canvas-1', 'Yours.' FROM generate_series(1, 25) item
            """, run.Id, run.UserId);
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(1));
        await run.UntilAsync("failed");

        (await run.AskAsync<string>("SELECT concat_ws(': ', error ->> 'class', error ->> 'message') FROM engine_executions WHERE id = $1")).ShouldBe(
            "permanent: The run's pictures have almost 500 MB, and more are not kept for one run. Ask for fewer or smaller pictures.");
        server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Bytes_go_with_the_last_row_that_refers_to_them()
    {
        await using var server = await ChatCompletionsServer.StartAsync(_ => Picture.Answer(Picture.Png(8, 8)));
        await PaintersAsync(server, "easel");
        var run = await QueuedRun.InsertAsync(_database, workflow: Covered());
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(1));
        await run.UntilAsync("completed");

        await _database.ExecuteAsync("DELETE FROM assets WHERE execution_id = $1", run.Id);

        (await _database.AskAsync<long>("SELECT count(*) FROM asset_contents")).ShouldBe(0);
    }

    private static WorkflowDefinition Covered(Func<NodeData, NodeData>? change = null) =>
        new([Node("in", "story_input", NodeType.Input), Node("cover", "ecover_generator", change: change)], [new("1", "in", "cover")]);

    private static WorkflowNode Node(string id, string role, NodeType type = NodeType.Process, Func<NodeData, NodeData>? change = null)
    {
        var data = new NodeData { Label = id, Role = role };
        return new(id, type, change is null ? data : change(data));
    }

    /// <summary>A model for images of the platform's, at 4 cents a picture.</summary>
    private async Task PaintersAsync(ChatCompletionsServer server, string name)
    {
        var (provider, model) = (Guid.NewGuid(), Guid.NewGuid());
        await _database.ExecuteAsync("INSERT INTO ai_providers (id, name, provider, base_url) VALUES ($1, $2, 'openai_compatible', $3)", provider, name, server.BaseUrl);
        await _database.ExecuteAsync("INSERT INTO ai_model_metadata (id, provider_id, model_id, display_name, category) VALUES ($1, $2, 'canvas-1', 'Canvas', 'image')", model, provider);
        await _database.ExecuteAsync("INSERT INTO ai_model_prices (id, model_id, version, input_per_million, output_per_million, per_image) VALUES (gen_random_uuid(), $1, 1, 0, 0, 0.04)", model);
    }

    private async Task FailsAsync(string errorClass)
    {
        var run = await QueuedRun.InsertAsync(_database, workflow: Covered());
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(1), ("MAX_RETRIES", "1"));
        await run.UntilAsync("failed");

        (await run.AskAsync<string>("SELECT error ->> 'class' FROM engine_executions WHERE id = $1")).ShouldBe(errorClass);
        (await _database.AskAsync<long>("SELECT count(*) FROM assets")).ShouldBe(0);
    }
}
