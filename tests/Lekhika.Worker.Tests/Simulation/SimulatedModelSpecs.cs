using System.Diagnostics;
using System.Text;
using Lekhika.Core;
using Lekhika.Core.Planning;
using Lekhika.Worker.Ai;
using Lekhika.Worker.Ai.Routing;
using Lekhika.Worker.Ai.Simulation;
using Lekhika.Worker.Nodes;
using Lekhika.Worker.Prompts;
using Lekhika.Worker.Tests.Offline;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Lekhika.Worker.Tests.Simulation;

/// <summary>The model of load rehearsals.</summary>
public sealed class SimulatedModelSpecs
{
    private static readonly SimulatedChatClient AtOnce = new(SimulatedLatencies.None);

    [Fact]
    public void Is_not_there_unless_it_is_switched_on_and_then_comes_first()
    {
        Providers().ShouldBe(["offline"]);
        Providers(("LEKHIKA_OPENAI_API_KEY", "sk-secret"), ("Simulation:Enabled", "true")).ShouldBe(["simulated", "openai", "offline"]);
    }

    [Fact]
    public void Its_books_say_that_they_are_none() => string.Concat(SimulatedChatClient.Colophon).ShouldContain("This is no book.");

    [Fact]
    public async Task Prose_is_eight_kilobytes_in_pieces_with_its_usage()
    {
        var answer = await AtOnce.GetStreamingResponseAsync(Prompt(), new ChatOptions { ResponseFormat = ChatResponseFormat.Text }).ToListAsync();

        answer.Count.ShouldBe(9);
        var whole = answer.ToChatResponse();
        Encoding.UTF8.GetByteCount(whole.Text).ShouldBe(8_192);
        whole.Text.Trim().Length.ShouldBe(8_192);
        whole.FinishReason.ShouldBe(ChatFinishReason.Stop);
        whole.ModelId.ShouldBe("simulated-model");
        whole.Usage.ShouldNotBeNull().OutputTokenCount.ShouldBe(2_048);
    }

    [Fact]
    public async Task Plans_follow_the_brief()
    {
        (await AskAsync<StoryRequirements>("requirements")).Themes.ShouldNotBeEmpty();
        (await AskAsync<StoryBible>("bible")).People.ShouldNotBeEmpty();
        var outline = await AskAsync<Outline>("outline");
        outline.Chapters.Select(chapter => chapter.Number).ShouldBe(Enumerable.Range(1, 24));
        outline.Chapters.ShouldAllBe(chapter => chapter.TargetWords == 1_500);
    }

    [Fact]
    public async Task Any_other_shape_is_answered_in_that_shape()
    {
        var answer = await AskAsync<Unforeseen>("unforeseen");

        answer.Kind.ShouldBe(DayOfWeek.Sunday);
        answer.Note.ShouldBeNull();
        answer.Parts.ShouldBeEmpty();
        answer.First.Name.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task With_the_latencies_of_a_book_each_chapter_takes_its_own_time()
    {
        using var model = new SimulatedChatClient(SimulatedLatencies.Book);
        BookLatency.Of(null, 4).ShouldBe(TimeSpan.FromMilliseconds(200 + 111));

        var clock = Stopwatch.StartNew();
        await model.GetResponseAsync(Prompt(task => task.With("chapter", new { number = 4 })));

        // A machine that is full comes late, but never early.
        clock.Elapsed.TotalMilliseconds.ShouldBeGreaterThanOrEqualTo(311);
    }

    [Fact]
    public async Task A_call_that_is_cancelled_ends_without_an_answer()
    {
        using var model = new SimulatedChatClient(SimulatedLatencies.Book);

        await Should.ThrowAsync<OperationCanceledException>(() => model.GetResponseAsync(Prompt(task => task.With("chapter", new { number = 1 })), cancellationToken: new CancellationToken(true)));
    }

    [Fact]
    public async Task A_wait_that_is_cancelled_ends_long_before_its_time()
    {
        using var cancelled = new CancellationTokenSource();

        var wait = new PreciseTimer().UntilAsync(Stopwatch.GetTimestamp() + (3_600 * Stopwatch.Frequency), cancelled.Token);
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => wait.WaitAsync(TimeSpan.FromSeconds(15)));
    }

    private static async Task<T> AskAsync<T>(string kind)
    {
        var schema = AIJsonUtilities.CreateJsonSchema(typeof(T), serializerOptions: Json.Options);
        var answer = await AtOnce.GetResponseAsync(Prompt(), new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(schema, kind) });
        return Json.Read<T>(answer.Text);
    }

    private static IReadOnlyList<ChatMessage> Prompt(Func<ModelTask, ModelTask>? more = null)
    {
        var task = new ModelTask("You are filler.", "Fill.").With("brief", WrittenBook.A(chapters: 24, words: 36_000));
        return (more is null ? task : more(task)).Messages;
    }

    private static IEnumerable<string> Providers(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value)).Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddSingleton(TimeProvider.System).AddModels(configuration);
        using var provider = services.BuildServiceProvider();
        return [.. provider.GetServices<ModelProvider>().Select(model => model.Key)];
    }

    private sealed record Unforeseen(DayOfWeek Kind, string? Note, IReadOnlyList<Part> Parts, Part First, int Count, double Share, bool Sure, Guid Id, DateTime At);

    private sealed record Part(string Name, Part? Inner);
}
