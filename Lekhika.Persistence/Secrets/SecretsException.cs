using System.Security.Cryptography;

namespace Lekhika.Persistence.Secrets;

/// <summary>A secret cannot be encrypted or decrypted; the message says why and what to do, and holds nothing of the key.</summary>
public sealed class SecretsException(string message, Exception? inner = null) : Exception(message, inner)
{
    internal const string NotConfigured =
        "Secrets (keys of providers, keys that sign links) cannot be kept: set LEKHIKA_SECRETS_KEY or LEKHIKA_SECRETS_KEY_FILE (docs/operations.md, \"Provider keys\").";
}

/// <summary>The key ring was encrypted with a master key that this process does not have. Cryptographic, so that Data Protection hands it on as it is.</summary>
internal sealed class WrongMasterKeyException() : CryptographicException(
    "The key ring in data_protection_keys was encrypted with another master key than LEKHIKA_SECRETS_KEY (or its file). Give the service that one, or name it in LEKHIKA_SECRETS_KEY_PREVIOUS.");
