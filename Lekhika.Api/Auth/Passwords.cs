using Lekhika.Persistence.Identity;
using Microsoft.AspNetCore.Identity;

namespace Lekhika.Api.Auth;

/// <summary>Checks passwords; an address without an account costs the same time as a wrong password.</summary>
internal sealed class Passwords(IPasswordHasher<User> hasher)
{
    private static readonly User Nobody = new(Guid.Empty, "", "");

    private readonly string _decoy = hasher.HashPassword(Nobody, Guid.NewGuid().ToString());

    public string Hash(User user, string password) => hasher.HashPassword(user, password);

    /// <summary>Whether it is the login's password, and whether its hash is of an older kind that should be replaced.</summary>
    public (bool Right, bool IsOld) Check(Login? login, string password)
    {
        var result = hasher.VerifyHashedPassword(login?.User ?? Nobody, login?.PasswordHash ?? _decoy, password);
        return (login is not null && result != PasswordVerificationResult.Failed, result == PasswordVerificationResult.SuccessRehashNeeded);
    }
}
