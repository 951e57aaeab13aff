using Lekhika.Core.Models;
using Lekhika.Persistence.Batches;
using Lekhika.Worker.Ai.Providers;

namespace Lekhika.Worker.Ai.Batches;

/// <summary>A provider's batch interface. All of it throws <see cref="Nodes.StepFault"/> and nothing else, except for the caller's own cancellation.</summary>
internal interface IBatchProtocol
{
    /// <summary>Makes a batch of the wanted calls; the provider's name for it.</summary>
    Task<string> MakeAsync(ProviderAccount account, StoredBatch batch, CancellationToken cancellationToken);

    /// <summary>Whether a batch whose making ended nobody knows how is there.</summary>
    Task<BatchSearch> FindAsync(ProviderAccount account, StoredBatch batch, CancellationToken cancellationToken);

    /// <summary>Whether it has ended, and where its lines are then.</summary>
    Task<BatchLook> LookAsync(ProviderAccount account, string providerBatchId, CancellationToken cancellationToken);

    /// <summary>What came of its calls, in any order; calls that are absent have no answer.</summary>
    IAsyncEnumerable<BatchLine> LinesAsync(ProviderAccount account, BatchLook look, CancellationToken cancellationToken);

    /// <summary>Asks for its end; what is answered by then counts.</summary>
    Task CancelAsync(ProviderAccount account, string providerBatchId, CancellationToken cancellationToken);

    /// <summary>Removes what the provider holds of our texts, once it has ended.</summary>
    Task RemoveAsync(ProviderAccount account, BatchLook look, CancellationToken cancellationToken);
}

/// <summary>What a search for a batch has found.</summary>
/// <param name="ProviderBatchId">Its name, when it is there.</param>
/// <param name="IsUnclear">Whether only a later look can tell.</param>
internal readonly record struct BatchSearch(string? ProviderBatchId, bool IsUnclear);

/// <summary>How a batch stands.</summary>
/// <param name="Sources">Of one that has ended: where its lines are.</param>
/// <param name="Holds">What the provider holds of it by a name of its own.</param>
internal sealed record BatchLook(bool HasEnded, IReadOnlyList<string> Sources, IReadOnlyList<string> Holds);

/// <summary>What came of a call.</summary>
/// <param name="Answer">Null: it has none.</param>
/// <param name="ErrorClass">Why it has none.</param>
/// <param name="Tokens">Null: the provider has counted nothing.</param>
internal sealed record BatchLine(Guid CallId, BatchAnswer? Answer, string? ErrorClass, TokenUse? Tokens = null);

internal static class BatchProtocols
{
    private static readonly OpenAiBatches OpenAi = new();
    private static readonly AnthropicBatches Anthropic = new();

    /// <summary>The protocol of a kind of provider; null when it has none. Whether an account's server speaks it, <see cref="Routing.AvailableModel.HasBatches"/> says.</summary>
    public static IBatchProtocol? For(string kind) => kind switch
    {
        ProviderKinds.Anthropic => Anthropic,
        _ when ProviderClients.SpeaksOpenAi(kind) => OpenAi,
        _ => null,
    };
}
