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

    /// <summary>Tries of one file that end with its exporter's death, before the format is given up. Default 5.</summary>
    [Range(1, 100)]
    public int CrashTries { get; set; } = 5;

    /// <summary>How long one file may take, pictures and checks included, in seconds. Default 600.</summary>
    [Range(0.1, 86_400)]
    public double JobTimeoutSeconds { get; set; } = 600;

    /// <summary>Tries of one file that takes too long, before the format is given up. Default 2.</summary>
    [Range(1, 100)]
    public int TimeoutTries { get; set; } = 2;

    /// <summary>Seconds that a rendering has to end after it was told to, before this exporter ends and leaves the rest to a fresh one. Default 10.</summary>
    [Range(0, 600)]
    public double StuckSeconds { get; set; } = 10;

    /// <summary>Most MiB of one file. Default 300.</summary>
    [Range(1, 900)]
    public int MostFileMiB { get; set; } = 300;

    /// <summary>Most pages of a PDF. Default 10,000.</summary>
    [Range(1, 100_000)]
    public int MostPages { get; set; } = 10_000;

    /// <summary>Most words of a book; a longer one is not begun. Default 5,000,000, which no printer binds.</summary>
    [Range(1, 1_000_000_000)]
    public int MostWords { get; set; } = 5_000_000;

    /// <summary>Where people reach the Api, such as https://books.example.org; books then say where their manifest is. None by default.</summary>
    [RegularExpression(@"https?://[^\s/?#@]+(/[^\s?#@]*)?", ErrorMessage = "Exporter:PublicAddress is an http or https address without a user, a query or a fragment.")]
    public string? PublicAddress { get; set; }

    /// <summary>The exporter's name in leases. Default: machine and process id.</summary>
    [Required]
    public string Name { get; set; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    public TimeSpan Poll => TimeSpan.FromMilliseconds(PollMilliseconds);

    public TimeSpan Lease => TimeSpan.FromSeconds(LeaseSeconds);
}
