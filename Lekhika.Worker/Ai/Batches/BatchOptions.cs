using System.ComponentModel.DataAnnotations;

namespace Lekhika.Worker.Ai.Batches;

/// <summary>How batches are sent and watched: configuration section <c>Batches</c>. Times as <c>00:00:05</c>.</summary>
internal sealed class BatchOptions
{
    /// <summary>Between two looks at what waits. Default 5 s.</summary>
    public TimeSpan Tick { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a run that still works lets its first waiting call wait for others; one that rests waits for none. Default 1 min.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>From sending a batch to the first look at it; doubled with each look. Default 30 s.</summary>
    public TimeSpan FirstLook { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest time between two looks. Default 10 min.</summary>
    public TimeSpan LongestLook { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>After a making that ended nobody knows how: until the provider shows what there is of it. Default 1 min.</summary>
    public TimeSpan Settling { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a provider may take to cancel a batch before nobody waits for it any more. Default 15 min.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long one worker may see to a batch before another one may; all that it asks of the provider must end in this time. Default 5 min.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Most calls of one batch. Default 1,000.</summary>
    [Range(1, 50_000)]
    public int MostCalls { get; set; } = 1_000;

    /// <summary>Most bytes of the requests of one batch. Default 64 MB; OpenAI takes 200, Anthropic 256.</summary>
    [Range(1, 200_000_000)]
    public long MostBytes { get; set; } = 64_000_000;

    /// <summary>The wait before the next look at a batch that was looked at so often.</summary>
    public TimeSpan After(int looks) => TimeSpan.FromTicks((long)Math.Min(FirstLook.Ticks * Math.Pow(2, Math.Min(looks, 30)), LongestLook.Ticks));
}
