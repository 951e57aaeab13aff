using System.Text.Json;
using Lekhika.Testing.Models;
using Lekhika.Testing.Runs;

namespace Lekhika.Testing.Simulated;

/// <summary>
/// A deterministic language model as a process of its own: <c>dotnet Lekhika.Testing.dll simulated-model --log FILE [--port N] [--delay MS]</c>.
/// The same request gets the same answer; its log is the oracle of what was asked. With a delay it writes no book, but says the same short text after it to everybody.
/// </summary>
internal static class SimulatedModel
{
    public const string Command = "simulated-model";
    public const string Listening = "listening on ";

    /// <summary>Pause before a planning answer.</summary>
    private static readonly TimeSpan Planning = TimeSpan.FromMilliseconds(100);

    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        var options = args.Chunk(2).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1]);
        if (!options.TryGetValue("--log", out var file))
        {
            await Console.Error.WriteLineAsync($"{Command} --log FILE [--port N] [--delay MS]");
            return 2;
        }

        using var log = new ModelLog(file);
        var delay = options.TryGetValue("--delay", out var asked) ? TimeSpan.FromMilliseconds(int.Parse(asked)) : (TimeSpan?)null;
        await using var server = await ChatCompletionsServer.StartAsync(request => delay is { } fixedDelay ? new CompletionAnswer("Nothing to add.", Delay: fixedDelay) : Answer(request, log), int.Parse(options.GetValueOrDefault("--port", "0")));
        Console.WriteLine(Listening + server.BaseUrl);
        var end = new TaskCompletionSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            end.TrySetResult();
        };
        await end.Task;
        return 0;
    }

    private static CompletionAnswer Answer(CompletionRequest request, ModelLog log)
    {
        var written = request.Material("written")?.GetProperty("text").GetString() ?? "";
        var sent = log.Arrived(request.SchemaName ?? "chapter", request.Chapter, written.Length > 0, request.Authorization.Split("sk-")[^1]);
        return (request.Format, request.Chapter) switch
        {
            ({ } format, _) => new CompletionAnswer(Plan(format.Name, format.Schema, request), Delay: Planning) { Sent = sent },
            (null, { } chapter) => Prose(chapter, written) with { Sent = sent },
            _ => new CompletionAnswer("Nothing to add.", Delay: Planning) { Sent = sent },
        };
    }

    /// <summary>A chapter, or its rest. What is no beginning of the chapter was not written by this model: 400, which no try mends.</summary>
    private static CompletionAnswer Prose(int chapter, string written) => SimulatedChapter.Rest(chapter, written) is { } rest
        ? new CompletionAnswer(rest) { Pieces = SimulatedChapter.Stream(chapter, rest) }
        : new CompletionAnswer("", Status: 400);

    private static string Plan(string kind, JsonElement schema, CompletionRequest request) => kind is "requirements" or "bible" or "outline"
        ? ScriptedBook.Plan(kind, request.Material("brief")?.GetProperty("chapterCount").GetInt32() ?? 1)
        : MinimalJson.Of(schema);
}
