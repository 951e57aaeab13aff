namespace Lekhika.Run;

/// <summary>What was asked for on the command line.</summary>
internal sealed record RunOptions
{
    /// <summary>End after the book.</summary>
    public bool Once { get; init; }

    /// <summary>Whether a book is asked for at all.</summary>
    public bool Demo { get; init; } = true;

    /// <summary>Full path of the folder that lives on.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The API's port; null: the AppHost's own choice.</summary>
    public int? Port { get; init; }

    public string? Title { get; init; }

    public FileInfo? Brief { get; init; }

    public FileInfo? ReadyFile { get; init; }

    public bool Verbose { get; init; }
}
