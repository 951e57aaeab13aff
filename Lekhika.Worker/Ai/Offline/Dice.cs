using System.Text;

namespace Lekhika.Worker.Ai.Offline;

/// <summary>SplitMix64 (Steele, Lea, Flood 2014): the same numbers for the same seed on every machine and runtime, unlike <see cref="Random"/>.</summary>
internal sealed class Dice
{
    private ulong _state;

    /// <param name="seed">The book's seed.</param>
    /// <param name="salt">What the dice are for, so that two uses of one seed do not run in step.</param>
    public Dice(long seed, string salt) =>
        _state = Encoding.UTF8.GetBytes(salt).Aggregate(unchecked((ulong)seed), (hash, b) => (hash ^ b) * 0x100000001B3);

    /// <summary>A number from 0 up to, not including, <paramref name="below"/>.</summary>
    public int Next(int below)
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (int)((z ^ (z >> 31)) % (ulong)below);
    }

    public T Pick<T>(IReadOnlyList<T> from) => from[Next(from.Count)];

    public List<T> Shuffle<T>(IEnumerable<T> items) => [.. items.Select(item => (Item: item, At: Next(int.MaxValue))).OrderBy(i => i.At).Select(i => i.Item)];
}
