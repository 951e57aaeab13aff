using System.Text;
using Microsoft.Extensions.AI;

namespace Lekhika.Worker.Ai.Offline;

/// <summary>
/// Vectors without a model: counts of a text's character n-grams (3 to 5), hashed into 256 places with a sign and brought to length 1.
/// They find texts with the same words and spellings; of meaning they know nothing: "car" and "automobile" are strangers.
/// The same text gets the same vector on every machine.
/// </summary>
internal sealed class OfflineEmbeddings : IEmbeddingGenerator<string, Embedding<float>>
{
    public const string ModelId = "offline-hashed-ngrams";
    public const int Dimensions = 256;

    private const int Shortest = 3;
    private const int Longest = 5;

    private static readonly EmbeddingGeneratorMetadata Metadata = new(OfflineAuthor.ProviderName, providerUri: null, ModelId, Dimensions);

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(text => new Embedding<float>(Vector(text)) { ModelId = ModelId })));
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null : serviceType == typeof(EmbeddingGeneratorMetadata) ? Metadata : serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // Holds nothing.
    }

    private static float[] Vector(string text)
    {
        var letters = Letters(text);
        var counts = new long[Dimensions];
        for (var start = 0; start < letters.Count; start++)
        {
            var hash = 0xCBF29CE484222325UL;
            for (var length = 1; length <= Longest && start + length <= letters.Count; length++)
            {
                hash = (hash ^ (ulong)letters[start + length - 1]) * 0x100000001B3;
                if (length >= Shortest)
                {
                    var mixed = Mix(hash);
                    counts[(int)(mixed % Dimensions)] += (mixed >> 63) == 0 ? 1 : -1;
                }
            }
        }

        var length2 = counts.Sum(count => (double)count * count);
        if (length2 == 0)
        {
            // A text without letters: some vector of length 1, since one of length 0 has no direction to compare.
            counts[0] = 1;
            length2 = 1;
        }

        return Array.ConvertAll(counts, count => (float)(count / Math.Sqrt(length2)));
    }

    /// <summary>Code points in lower case, whatever is no letter, mark or digit as one space, with a space at both ends.</summary>
    private static List<int> Letters(string text)
    {
        List<int> letters = [' '];
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is >= System.Globalization.UnicodeCategory.NonSpacingMark and <= System.Globalization.UnicodeCategory.EnclosingMark)
            {
                letters.Add(Rune.ToLowerInvariant(rune).Value);
            }
            else if (letters[^1] != ' ')
            {
                letters.Add(' ');
            }
        }

        if (letters[^1] != ' ')
        {
            letters.Add(' ');
        }

        return letters;
    }

    /// <summary>The last step of SplitMix64, as FNV's low bits alone spread badly.</summary>
    private static ulong Mix(ulong hash)
    {
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        return hash ^ (hash >> 31);
    }
}
