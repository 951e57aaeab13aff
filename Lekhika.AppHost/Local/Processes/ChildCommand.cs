namespace Lekhika.AppHost.Local.Processes;

/// <summary>What to start, and how. <see cref="Environment"/> adds to what the child inherits, a null value removes a name.</summary>
internal sealed record ChildCommand(string FileName, params IReadOnlyList<string> Arguments)
{
    public string? WorkingDirectory { get; init; }

    /// <summary>False: of this process's environment the child gets only what programs in general need, and so none of the secrets in it.</summary>
    public bool InheritsEnvironment { get; init; } = true;

    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>The account to run as; null: the account of this process. Only root may name one.</summary>
    public string? User { get; init; }

    /// <summary>What the child's process group gets when this process ends without having stopped it.</summary>
    public Signal DeathSignal { get; init; } = Signal.Kill;
}
