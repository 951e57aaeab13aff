using Lekhika.Testing.Chat;
using Lekhika.Testing.Runs;
using Lekhika.Testing.Servers;
using Lekhika.Worker.Tests.Pipeline;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Tests.Calls;

/// <summary>How models are asked for structure and for chapters, and what becomes of answers that do not obey.</summary>
public sealed class PromptSpecs : IAsyncLifetime
{
    private readonly ScriptedChatClient _model = new();
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task A_structure_in_a_fence_with_a_greeting_is_taken_as_it_is()
    {
        _model.When(ScriptedBook.AsksFor("bible")).Once().Say($"Here you are:\n```json\n{ScriptedBook.Plan("bible", 1)}\n```\nGood luck!");
        await WriteAsync();

        _model.Requests.Count(ScriptedBook.AsksFor("bible")).ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_of_the_wrong_shape_is_given_back_once_to_be_put_into_it()
    {
        _model.When(ScriptedBook.AsksFor("bible")).Once().Say("""{"plot": "She <finds> it."}""");
        var run = await WriteAsync();

        var asked = _model.Requests.Where(ScriptedBook.AsksFor("bible")).ToList();
        asked.Count.ShouldBe(2);
        asked[1].Text.ShouldContain("<material name=\"answer\">\n{\"text\":\"{\\u0022plot\\u0022: \\u0022She \\u003Cfinds\\u003E it.\\u0022}\",\"fault\":");
        asked[1].Text.ShouldNotContain("<material name=\"brief\">", customMessage: "what it was made of is not paid for again");
        (await run.JournalAsync()).ShouldNotContain("step.retried");
        (await run.AskAsync<bool>("""
            SELECT count(*) = 2 AND sum(c.input_tokens) = max(o.input_tokens) FROM ai_calls c JOIN node_outputs o USING (execution_id, node_id) WHERE execution_id = $1 AND node_id = 'architect-1'
            """)).ShouldBeTrue("both calls are the step's");
    }

    [Fact]
    public async Task An_answer_that_stays_wrong_is_a_fault_and_the_next_try_hears_of_it()
    {
        _model.When(ScriptedBook.AsksFor("bible")).Times(2).Say("I would rather not.");
        var run = await WriteAsync();

        var asked = _model.Requests.Where(ScriptedBook.AsksFor("bible")).ToList();
        asked.Count.ShouldBe(3);
        asked[2].Text.ShouldContain("answer is not the bible that was asked for");
        (await run.JournalAsync()).Count(type => type == "step.retried").ShouldBe(1);
    }

    [Fact]
    public async Task What_all_chapters_share_comes_first_word_for_word_and_is_marked_for_the_provider_s_cache()
    {
        await WriteAsync(chapters: 3);

        var parts = _model.Requests.Where(request => ScriptedBook.ChapterOf(request) is not null).Select(request => request.Messages[1].Contents.OfType<TextContent>().ToList()).ToList();
        parts.Count.ShouldBe(3);
        parts.ShouldAllBe(contents => contents.Count == 2 && contents[0].AdditionalProperties!.Any(mark => (bool)mark.Value!) && contents[1].AdditionalProperties == null);
        parts.Select(contents => contents[0].Text).Distinct().ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            shared => shared.ShouldContain("<material name=\"bible\">"),
            shared => shared.ShouldContain("<material name=\"outline\">"),
            shared => shared.ShouldNotContain("<material name=\"chapter\">"));
    }

    [Fact]
    public async Task A_call_names_the_version_of_its_prompt_which_is_another_when_its_words_are()
    {
        var run = await WriteAsync(chapters: 2);

        var versions = await run.AskAsync<string[]>("SELECT array_agg(DISTINCT task || ' ' || (parameters->>'prompt')) FROM ai_calls WHERE execution_id = $1");
        versions!.Length.ShouldBe(4, "one for each kind of task");
        versions.ShouldAllBe(version => version.Split(' ')[1].Length == 12);
        versions.Select(version => version.Split(' ')[1]).Distinct().Count().ShouldBe(4);
    }

    private async Task<QueuedRun> WriteAsync(int chapters = 1)
    {
        await using var worker = await WorkerHost.StartAsync(_database, _model.WriteBook(chapters));
        var run = await QueuedRun.InsertAsync(_database, chapters);
        await run.UntilAsync("exporting");
        return run;
    }
}
