namespace Lekhika.Core.Executions;

/// <summary>The states of a run (docs/state-machine.md). Stored as lower-case words.</summary>
public enum RunStatus
{
    /// <summary>Waiting for a worker.</summary>
    Queued,

    /// <summary>A worker holds the lease.</summary>
    Running,

    /// <summary>Waits for a person, for money or for a provider's batch; nothing else is runnable.</summary>
    Paused,

    /// <summary>Stop was asked; in-flight work ends.</summary>
    Stopping,

    /// <summary>The manuscript is done, formats are under way.</summary>
    Exporting,

    /// <summary>Ended with at least one file.</summary>
    Completed,

    /// <summary>Ended because somebody asked for it; what is finished stays usable.</summary>
    Stopped,

    /// <summary>Ended by an error; what is finished stays usable.</summary>
    Failed,
}

/// <summary>The words of a run's state inside (the database) and outside (<c>engines-api</c>).</summary>
public static class RunStatusWords
{
    /// <summary>The word in the database.</summary>
    public static string Word(this RunStatus status) => status.ToString().ToLowerInvariant();

    /// <summary>The state that a word of the database stands for; throws <see cref="ArgumentException"/> for another word.</summary>
    public static RunStatus Parse(string word)
    {
        // Enum.Parse would also take numbers, lists and spaces.
        foreach (var status in Enum.GetValues<RunStatus>())
        {
            if (status.Word() == word)
            {
                return status;
            }
        }

        throw new ArgumentException($"'{word}' is not a state of a run.", nameof(word));
    }

    /// <summary>The word at the edges: running, exporting and stopping are all <c>processing</c>.</summary>
    public static string PublicWord(this RunStatus status) => status switch
    {
        RunStatus.Running or RunStatus.Exporting or RunStatus.Stopping => "processing",
        _ => status.Word(),
    };
}
