namespace Lekhika.Worker.Ai.Routing;

/// <summary>A provider, or one of its models, that nobody is sent to.</summary>
/// <param name="ModelId">Null: the whole provider.</param>
/// <param name="Reason">A sentence for its owner; never a key.</param>
internal sealed record LeftOut(Guid ProviderId, string Name, string Kind, bool IsOwn, string? ModelId, string Reason)
{
    /// <summary>As <see cref="Chain.ChainExtensions"/> tells accounts apart.</summary>
    public string Key => ProviderId.ToString("N");
}
