using System.ComponentModel.DataAnnotations;

namespace Lekhika.Worker;

/// <summary>
/// How a worker works: configuration section <c>Worker</c>; the names of the original's environment (POLL_INTERVAL_MS,
/// MAX_RETRIES, WORKER_CONCURRENCY) count too.
/// </summary>
internal sealed class WorkerOptions
{
    /// <summary>Runs at once in this process; most of their time they wait for models. Default 256.</summary>
    [Range(1, 10_000)]
    public int Concurrency { get; set; } = 256;

    /// <summary>Steps of all runs at once in this process. Default 256.</summary>
    [Range(1, 10_000)]
    public int Steps { get; set; } = 256;

    /// <summary>Steps (chapters) of one run at once; how many reach a provider at once is the AI layer's affair. Default 8.</summary>
    [Range(1, 64)]
    public int StepsPerRun { get; set; } = 8;

    /// <summary>Tries of a step before its run fails. Default 3.</summary>
    [Range(1, 10)]
    public int Tries { get; set; } = 3;

    /// <summary>Claims of a run without a finished step between them before it is given up: it may be what ends its workers. Default 5.</summary>
    [Range(1, 1000)]
    public int ClaimsWithoutProgress { get; set; } = 5;

    /// <summary>Milliseconds between two looks at the queue when no wake-up comes. Default 1,000.</summary>
    [Range(10, 60_000)]
    public int PollMilliseconds { get; set; } = 1_000;

    /// <summary>Seconds after which a silent worker's runs may be taken over; renewed three times in that time. Default 9.</summary>
    [Range(0.5, 600)]
    public double LeaseSeconds { get; set; } = 9;

    /// <summary>The worker's name in the journal and in leases, no other's. Default: machine, process id and chance.</summary>
    [Required]
    public string Name { get; set; } = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..6]}";

    public TimeSpan Poll => TimeSpan.FromMilliseconds(PollMilliseconds);

    public TimeSpan Lease => TimeSpan.FromSeconds(LeaseSeconds);

    public void ReadEnvironment(IConfiguration configuration)
    {
        Concurrency = configuration.GetValue("WORKER_CONCURRENCY", Concurrency);
        Tries = configuration.GetValue("MAX_RETRIES", Tries);
        PollMilliseconds = configuration.GetValue("POLL_INTERVAL_MS", PollMilliseconds);
    }
}
