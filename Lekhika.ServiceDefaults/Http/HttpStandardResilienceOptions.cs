namespace Lekhika.ServiceDefaults.Http;

/// <summary>Figures of the standard resilience handler. The defaults are those of Microsoft.Extensions.Http.Resilience.</summary>
public sealed class HttpStandardResilienceOptions
{
    /// <summary>Time for a request with all its retries, until the response's headers are there.</summary>
    public TimeSpan TotalRequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Time for one attempt, until the response's headers are there.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Attempts after the first. Only requests that may be repeated are: see <see cref="RepeatableRequest"/>.</summary>
    public int MaxRetryAttempts { get; set; } = 3;

    /// <summary>Median wait before the first retry; it doubles with each, with jitter, unless the server names a time.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Share of failures (0 to 1) within <see cref="SamplingDuration"/> that opens the circuit.</summary>
    public double FailureRatio { get; set; } = 0.1;

    /// <summary>Requests within <see cref="SamplingDuration"/> before the circuit may open.</summary>
    public int MinimumThroughput { get; set; } = 100;

    /// <summary>Window in which requests and failures are counted.</summary>
    public TimeSpan SamplingDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an open circuit refuses requests.</summary>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(5);
}
