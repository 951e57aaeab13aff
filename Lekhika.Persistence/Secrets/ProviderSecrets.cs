using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Lekhika.Persistence.Secrets;

/// <summary>Encrypts and decrypts the keys of providers. The purpose names the provider, so a ciphertext is worth nothing in another row.</summary>
public sealed class ProviderSecrets
{
    private const string Purpose = "Lekhika.ProviderSecrets.1";

    private readonly IDataProtector? _protector;

    internal ProviderSecrets(IDataProtectionProvider? protection) => _protector = protection?.CreateProtector(Purpose);

    /// <summary>Whether there is a master key. Without, the other members throw.</summary>
    public bool IsConfigured => _protector is not null;

    /// <summary>What is stored of a provider's key.</summary>
    /// <exception cref="SecretsException">There is no master key, or it is not the key ring's.</exception>
    public string Protect(Guid providerId, string secret) => Run(providerId, protector => protector.Protect(secret));

    /// <summary>The key of a provider, from what is stored.</summary>
    /// <exception cref="SecretsException">There is no master key, it is not the key ring's, or the text was changed or is another provider's.</exception>
    public string Unprotect(Guid providerId, string protectedText) => Run(providerId, protector => protector.Unprotect(protectedText));

    private string Run(Guid providerId, Func<IDataProtector, string> work)
    {
        if (_protector is null)
        {
            throw new SecretsException(SecretsException.NotConfigured);
        }

        try
        {
            return work(_protector.CreateProtector(providerId.ToString()));
        }
        catch (CryptographicException error)
        {
            throw SecretsProtection.Explain(error, $"The stored key of the provider {providerId} cannot be read: it was changed, belongs to another provider, or its key ring is gone. Set it again.");
        }
    }
}
