using System.Text.Json;

namespace Lekhika.Testing.Models.Batches;

/// <summary>The batches of a server that speaks a provider's batch protocol: what was made, how it stands, and what shall go wrong. The oracle of what was asked.</summary>
public sealed class ServedBatches
{
    private readonly Lock _gate = new();
    private readonly List<ServedBatch> _all = [];
    private int _tries;

    /// <summary>Whether batches stay unanswered until this is false again.</summary>
    public bool AreHeld { get; set; }

    /// <summary>Whether a batch that ends has expired: <see cref="Partial"/> of its lines are answered.</summary>
    public bool Expire { get; set; }

    /// <summary>Lines that are answered, the first ones, when a batch is cancelled or expires.</summary>
    public int Partial { get; set; }

    /// <summary>Whether a cancelled batch never comes to its end.</summary>
    public bool NeverCancels { get; set; }

    /// <summary>What becomes of a try to make a batch, by its number from 1.</summary>
    public Func<int, BatchMaking> Making { get; set; } = _ => BatchMaking.Well;

    /// <summary>What a try to make a batch waits for before anything of it is done, by its number from 1.</summary>
    public Func<int, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Stands before the results, where a line should.</summary>
    public string Garbage { get; set; } = "";

    /// <summary>Whether a line has no result at all.</summary>
    public Func<JsonElement, bool> IsMissing { get; set; } = _ => false;

    /// <summary>Tries to make one so far.</summary>
    public int Tries => Volatile.Read(ref _tries);

    /// <summary>Looks at one so far.</summary>
    public int Looks { get; private set; }

    /// <summary>Every batch that was made, in that order.</summary>
    public IReadOnlyList<ServedBatch> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _all];
            }
        }
    }

    /// <summary>Every line of every batch.</summary>
    public IReadOnlyList<ServedLine> Lines => [.. All.SelectMany(batch => batch.Lines)];

    internal async Task<BatchMaking> TryAsync(CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _tries);
        await Before(number).WaitAsync(cancellationToken);
        return Making(number);
    }

    internal ServedBatch Add(IReadOnlyList<ServedLine> lines, IReadOnlyDictionary<string, string>? metadata, string? inputFile)
    {
        lock (_gate)
        {
            var batch = new ServedBatch($"batch_{_all.Count + 1}", lines, metadata, inputFile);
            _all.Add(batch);
            return batch;
        }
    }

    internal ServedBatch? Find(string id)
    {
        lock (_gate)
        {
            Looks++;
            return _all.Find(batch => batch.Id == id && !batch.IsRemoved);
        }
    }

    internal bool HasEnded(ServedBatch batch) => batch.IsCancelled ? !NeverCancels : !AreHeld;

    /// <summary>The answered lines of a batch that has ended, the last first: results come in any order.</summary>
    internal IReadOnlyList<ServedLine> Answered(ServedBatch batch) =>
        [.. (batch.IsCancelled || Expire ? batch.Lines.Take(Partial) : batch.Lines).Where(line => !IsMissing(line.Body)).Reverse()];

    internal IReadOnlyList<ServedLine> Unanswered(ServedBatch batch) => batch.IsCancelled || Expire ? [.. batch.Lines.Skip(Partial)] : [];
}

/// <summary>A batch as its server has it.</summary>
public sealed class ServedBatch(string id, IReadOnlyList<ServedLine> lines, IReadOnlyDictionary<string, string>? metadata, string? inputFile)
{
    public string Id => id;

    public IReadOnlyList<ServedLine> Lines => lines;

    public IReadOnlyDictionary<string, string>? Metadata => metadata;

    /// <summary>OpenAI's file of requests.</summary>
    public string? InputFile => inputFile;

    public bool IsCancelled { get; set; }

    /// <summary>Anthropic's way to delete one.</summary>
    public bool IsRemoved { get; set; }

    public DateTimeOffset CreatedAt { get; } = TimeProvider.System.GetUtcNow();
}

/// <summary>A request in a batch.</summary>
public sealed record ServedLine(string CustomId, JsonElement Body);

/// <summary>What becomes of a try to make a batch.</summary>
public enum BatchMaking
{
    /// <summary>It is made.</summary>
    Well,

    /// <summary>It is not, and never will be: 400.</summary>
    Refuse,

    /// <summary>It is not yet: 429.</summary>
    Busy,

    /// <summary>500, and it is not made.</summary>
    FailBefore,

    /// <summary>500, and it is made all the same.</summary>
    FailAfter,

    /// <summary>It is made, and nobody is ever told.</summary>
    HangAfter,
}
