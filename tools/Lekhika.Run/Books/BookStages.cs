using Lekhika.Run.Api;

namespace Lekhika.Run.Books;

internal enum StageState
{
    Waiting,
    Active,
    Done,
    Failed,
}

/// <summary>One line of the progress display.</summary>
/// <param name="Fraction">0 to 1.</param>
/// <param name="Detail">What can be said about it now; may be empty.</param>
internal readonly record struct Stage(string Name, StageState State, double Fraction, string Detail);

/// <summary>What a run's status means for people: planning, chapters, compiling, and each file.</summary>
internal static class BookStages
{
    // The API's percent is by weight of work: planning 10, chapters 75, compiling 1, formats 14.
    private const double Planned = 10;
    private const double Written = 85;
    private const double Compiled = 86;

    public static IReadOnlyList<Stage> Of(Execution run, IReadOnlyList<string> formats) =>
    [
        Planning(run),
        Chapters(run),
        Part("Compiling", run, Written, Compiled, ""),
        .. formats.Select(format => File(format, run)),
    ];

    public static string NameOf(string format) => format switch
    {
        "pdf" => "PDF",
        "docx" => "Word",
        "epub" => "EPUB",
        "html" => "HTML",
        "md" => "Markdown",
        "txt" => "Plain text",
        _ => format,
    };

    public static string Size(long bytes) => bytes < 1_000_000 ? $"{bytes / 1000.0:N0} KB" : $"{bytes / 1_000_000.0:N1} MB";

    private static Stage Planning(Execution run) =>
        Part("Planning", run, 0, Planned, run.Progress < Planned ? run.CurrentStep ?? "" : "");

    private static Stage Chapters(Execution run)
    {
        var words = run.Words > 0 ? $" · {run.Words:N0} words" : "";
        var detail = run.Chapters is { Total: { } total } chapters ? $"{chapters.Done} of {total}{words}" : "";
        return Part("Chapters", run, Planned, Written, detail);
    }

    private static Stage Part(string name, Execution run, double from, double to, string detail)
    {
        var fraction = Math.Clamp((run.Progress - from) / (to - from), 0, 1);
        var state = fraction >= 1 ? StageState.Done
            : run.Status is "failed" or "stopped" && run.Progress >= from ? StageState.Failed
            : run.Status == "queued" || run.Progress < from ? StageState.Waiting
            : StageState.Active;
        return new(name, state, fraction, detail);
    }

    private static Stage File(string format, Execution run)
    {
        var name = NameOf(format);
        var file = run.Result?.Formats?.GetValueOrDefault(format);
        return file?.Status switch
        {
            "succeeded" or "completed" => new(name, StageState.Done, 1, file.Bytes is { } bytes ? Size(bytes) : ""),
            "failed" => new(name, StageState.Failed, 0, ApiError.Sentence(file.Error) ?? "failed"),
            "running" or "processing" => new(name, StageState.Active, 0.5, ""),
            _ => new(name, StageState.Waiting, 0, ""),
        };
    }
}
