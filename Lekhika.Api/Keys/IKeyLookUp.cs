using Lekhika.Persistence.Identity;

namespace Lekhika.Api.Keys;

/// <summary>On an endpoint: looks the shown key up in its own way, with what the endpoint is about to read.</summary>
internal interface IKeyLookUp
{
    /// <summary>Whose key has this hash, if it may be used now, exactly as <see cref="ApiKeyStore.FindAsync"/> says.</summary>
    Task<KeyHolder?> FindAsync(HttpContext context, byte[] keyHash);
}
