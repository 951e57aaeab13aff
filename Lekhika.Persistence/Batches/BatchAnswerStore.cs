using Lekhika.Core.Models;
using Lekhika.Persistence.Tenancy;

namespace Lekhika.Persistence.Batches;

/// <summary>What a provider has answered in a batch.</summary>
/// <param name="FinishReason">As the provider's client would say it: stop or length.</param>
/// <param name="Model">The model and version that answered.</param>
public sealed record BatchAnswer(string Text, string FinishReason, string? Model, TokenUse Tokens);

/// <summary>Reads answers of batches, one at a time: a long book's would be too much to hold for a run.</summary>
public sealed class BatchAnswerStore(TenantDatabase database)
{
    /// <summary>The answer of a parked call; null when it has none (any more).</summary>
    public async Task<BatchAnswer?> FindAsync(Guid userId, Guid callId, CancellationToken cancellationToken)
    {
        await using var batch = database.For(userId);
        var found = await batch.Add("""
            SELECT b.answer, a.finish_reason, coalesce(a.model_answered, a.model_asked), a.input_tokens, a.output_tokens, a.cached_input_tokens, a.cache_write_tokens, a.reasoning_tokens
            FROM ai_batch_calls b JOIN ai_calls a ON a.id = b.id WHERE b.id = $1 AND b.state = 'answered'
            """, Sql.Value(callId)).ListAsync(
            row => new BatchAnswer(
                row.GetString(0), row.GetString(1), row.Text(2), new TokenUse(row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetInt64(7))),
            cancellationToken);
        return found.SingleOrDefault();
    }
}
