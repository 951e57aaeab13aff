using Lekhika.Persistence.Identity;

namespace Lekhika.Persistence.Submissions;

/// <summary>
/// Finds whose key was shown and reads, in the same round trip and as its owner, what a submission of his is checked against: most orders come with a key, and
/// each way to the database and back takes longer than what is asked there.
/// </summary>
public sealed class KeyedSubmissionStore(DoorDatabase doors)
{
    /// <summary>What <see cref="ApiKeyStore.FindAsync"/> answers, and what <see cref="SubmissionStore.PrepareAsync"/> does; null when the key may not be used now.</summary>
    public async Task<(KeyHolder Holder, SubmissionGround Ground)?> FindAsync(byte[] keyHash, Guid userEngineId, string? idempotencyKey, CancellationToken cancellationToken)
    {
        await using var batch = SubmissionStore.AddGround(ApiKeyStore.Through(doors, keyHash), userEngineId, idempotencyKey);
        await using var reader = await batch.ReadAsync(cancellationToken);
        var holder = await ApiKeyStore.ReadHolderAsync(reader, cancellationToken);
        var ground = await SubmissionStore.ReadGroundAsync(reader, idempotencyKey, cancellationToken);
        return holder is null ? null : (holder, ground);
    }
}
