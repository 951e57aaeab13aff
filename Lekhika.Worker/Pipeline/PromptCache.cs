using System.Collections.Concurrent;
using Lekhika.Core.Prompts;
using Lekhika.Persistence.Runs;

namespace Lekhika.Worker.Pipeline;

/// <summary>The platform's texts by the versions that a run has. Versions never change, so each combination is read once in a process, not once a run.</summary>
internal sealed class PromptCache(RunLoader loader)
{
    /// <summary>A combination has up to 280,000 characters, and few are in use at one time.</summary>
    private const int Kept = 50;

    private readonly ConcurrentDictionary<string, PromptSet> _sets = new(StringComparer.Ordinal);

    /// <summary>The texts of a run.</summary>
    /// <param name="versions">JSON as the database writes it, the same for the same versions.</param>
    public async ValueTask<PromptSet> FindAsync(Guid userId, string versions, CancellationToken cancellationToken)
    {
        if (versions == RunSnapshot.EmbeddedPrompts)
        {
            return PromptSet.Embedded;
        }

        if (_sets.TryGetValue(versions, out var known))
        {
            return known;
        }

        var set = await loader.PromptsAsync(userId, versions, cancellationToken);
        if (_sets.Count >= Kept)
        {
            // Rare, and nothing is lost by it.
            _sets.Clear();
        }

        return _sets.GetOrAdd(versions, set);
    }
}
