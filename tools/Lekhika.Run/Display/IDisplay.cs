using Lekhika.Run.Books;
using Lekhika.Run.Host;

namespace Lekhika.Run.Display;

/// <summary>What the person sees: <see cref="TerminalDisplay"/> moves, <see cref="PlainDisplay"/> is for files and pipes.</summary>
internal interface IDisplay
{
    /// <summary>Shows the resources while <paramref name="work"/> starts them.</summary>
    Task<T> StartingAsync<T>(Func<Action<AppHostState>, Task<T>> work);

    /// <summary>Shows the stages while <paramref name="work"/> writes the book.</summary>
    Task<T> WritingAsync<T>(BookOrder order, Func<Action<IReadOnlyList<Stage>>, Task<T>> work);

    /// <summary>A warning or an error of a service, at any time.</summary>
    void Tell(Notice notice);

    /// <summary>A line as it is.</summary>
    void Line(string text);

    void Files(string folder, IReadOnlyList<FileInfo> files);

    /// <summary>How to go on: the address, the key, and something to try.</summary>
    void Invitation(Invitation invitation);

    /// <summary>What went wrong.</summary>
    void Failure(string message);
}

/// <param name="Api">Without a slash at its end.</param>
/// <param name="Stays">False: everything stops now.</param>
internal sealed record Invitation(string Api, string Key, string UserEngineId, string DataDirectory, bool Stays)
{
    public string Curl => string.Join(" \\\n  ",
        $"curl {Api}/engines-api/{UserEngineId}/execute",
        $"-H 'Authorization: Bearer {Key}' -H 'Content-Type: application/json'",
        """-d '{"userInput": {"book_title": "The Salt Cathedral", "genre": "mystery", "chapter_count": 5}}'""");
}
