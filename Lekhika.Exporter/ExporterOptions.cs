using System.ComponentModel.DataAnnotations;

namespace Lekhika.Exporter;

/// <summary>How an exporter works: configuration section <c>Exporter</c>.</summary>
internal sealed class ExporterOptions
{
    /// <summary>Files made at once in this process. Default 2.</summary>
    [Range(1, 64)]
    public int Concurrency { get; set; } = 2;

    /// <summary>Milliseconds between two looks at the queue when no wake-up comes. Default 1,000.</summary>
    [Range(10, 60_000)]
    public int PollMilliseconds { get; set; } = 1_000;

    /// <summary>Seconds after which a silent exporter's jobs may be taken over. Default 9.</summary>
    [Range(0.5, 600)]
    public double LeaseSeconds { get; set; } = 9;

    /// <summary>Tries of one file, crashes of exporters included, before the format is given up. Default 5.</summary>
    [Range(1, 100)]
    public int Tries { get; set; } = 5;

    /// <summary>The exporter's name in leases. Default: machine and process id.</summary>
    [Required]
    public string Name { get; set; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    public TimeSpan Poll => TimeSpan.FromMilliseconds(PollMilliseconds);

    public TimeSpan Lease => TimeSpan.FromSeconds(LeaseSeconds);
}
