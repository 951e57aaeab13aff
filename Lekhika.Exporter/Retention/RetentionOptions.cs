using System.ComponentModel.DataAnnotations;

namespace Lekhika.Exporter.Retention;

/// <summary>Which files are kept; section <c>Retention</c> of the configuration. A file is kept while either of the two rules says so.</summary>
internal sealed class RetentionOptions
{
    /// <summary>Days for which every file is kept. Default 365.</summary>
    [Range(1, 36_500)]
    public int Days { get; set; } = 365;

    /// <summary>How many of the newest files of each format of a run are kept, however old they are. Default 1.</summary>
    [Range(1, 1_000)]
    public int Newest { get; set; } = 1;

    /// <summary>Minutes between two sweeps of one exporter; of all exporters one sweeps at a time. Default 60.</summary>
    [Range(1, 10_080)]
    public int SweepMinutes { get; set; } = 60;

    /// <summary>Minutes after which an object without a file may be removed from the object store. Default 60; longer than a write to the store can take.</summary>
    [Range(31, 10_080)]
    public int OrphanMinutes { get; set; } = 60;
}
