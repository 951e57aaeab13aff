using Lekhika.Testing.Models;
using Lekhika.Testing.Runs;

namespace Lekhika.Bench.Command;

/// <summary>A model with the schedule's latencies behind OpenAI's protocol on 127.0.0.1.</summary>
internal static class HttpModel
{
    private static readonly string Text = string.Join("\n\n", Enumerable.Repeat("She walked on until the lamps of the city were behind her, and did not look back.", 100))[..BookSchedule.ChapterBytes];

    public static Task<ChatCompletionsServer> StartAsync() => ChatCompletionsServer.StartAsync(request => request.Chapter is { } number
        ? new CompletionAnswer(Text, Delay: TimeSpan.FromMilliseconds(BookSchedule.Chapter(number - 1)))
        : new CompletionAnswer(ScriptedBook.Plan(request.SchemaName!, BookSchedule.Chapters), Delay: TimeSpan.FromMilliseconds(BookSchedule.Planning(request.SchemaName!))));
}
