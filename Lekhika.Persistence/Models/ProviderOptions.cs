namespace Lekhika.Persistence.Models;

/// <summary>What providers may be; section <c>Providers</c> of the configuration.</summary>
public sealed class ProviderOptions
{
    /// <summary>Whether users' own providers may be in private address space, which lets users send requests into this network. For machines of one's own.</summary>
    public bool AllowPrivateAddresses { get; set; }
}
