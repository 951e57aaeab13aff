namespace Lekhika.AppHost.Local.Processes;

/// <summary>What to start, and how. The child inherits this process's environment; <see cref="Environment"/> adds to it, a null value removes a name.</summary>
internal sealed record ChildCommand(string FileName, params IReadOnlyList<string> Arguments)
{
    public string? WorkingDirectory { get; init; }

    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>The account to run as; null: the account of this process. Only root may name one.</summary>
    public string? User { get; init; }

    /// <summary>What the child's process group gets when this process ends without having stopped it.</summary>
    public Signal DeathSignal { get; init; } = Signal.Kill;
}
