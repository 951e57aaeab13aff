using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using Lekhika.Persistence.Tenancy;
using Microsoft.AspNetCore.DataProtection;

namespace Lekhika.Persistence.Secrets;

/// <summary>Data Protection with the key ring of the database; <see cref="Provider"/> is null without a master key.</summary>
internal sealed record SecretsProtection(IDataProtectionProvider? Provider)
{
    /// <summary>What to tell of a secret that could not be encrypted or decrypted. A database that is away is thrown as what it is.</summary>
    /// <param name="error">As Data Protection threw it; it wraps whatever happened to the key ring.</param>
    /// <param name="otherwise">The sentence for when the ring is all right.</param>
    public static SecretsException Explain(CryptographicException error, string otherwise)
    {
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            if (DatabaseFaults.IsAway(cause))
            {
                ExceptionDispatchInfo.Throw(cause);
            }

            if (cause is WrongMasterKeyException)
            {
                return new SecretsException(cause.Message, error);
            }
        }

        return new SecretsException(otherwise, error);
    }
}
