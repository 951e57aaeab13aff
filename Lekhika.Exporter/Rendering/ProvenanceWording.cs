namespace Lekhika.Exporter.Rendering;

/// <summary>
/// What a colophon says of a book's making. Names and numbers stand behind a colon wherever a language would change other words by them
/// ("1 change", "2 changes"; two plurals of Russian).
/// </summary>
internal sealed record ProvenanceWording
{
    /// <summary>{0}: names of models, or the offline author's: hence "software".</summary>
    public required string TextFormat { get; init; }

    public required string PicturesFormat { get; init; }
    public required string PromptsFormat { get; init; }

    /// <summary>What stands in <see cref="PromptsFormat"/> where the platform has published none of its own.</summary>
    public required string OwnPrompts { get; init; }

    /// <summary>{0}: a kind of prompt; {1}: its version.</summary>
    public required string VersionFormat { get; init; }

    /// <summary>{0}: the numbers of chapters.</summary>
    public required string EditedFormat { get; init; }

    public required string Unedited { get; init; }

    /// <summary>{0}: how often somebody said what should be different.</summary>
    public required string GuidedFormat { get; init; }

    /// <summary>{0}: the run; {1}: the manifest's hash.</summary>
    public required string KeptFormat { get; init; }

    /// <summary>{0}: the manifest's address.</summary>
    public required string KeptAtFormat { get; init; }
}
