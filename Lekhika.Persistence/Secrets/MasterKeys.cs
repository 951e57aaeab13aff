using Microsoft.Extensions.Configuration;

namespace Lekhika.Persistence.Secrets;

/// <summary>The master key, and the one before it while it is being replaced.</summary>
internal sealed class MasterKeys(MasterKey current, MasterKey? previous = null)
{
    public const string Setting = "LEKHIKA_SECRETS_KEY";
    public const string FileSetting = "LEKHIKA_SECRETS_KEY_FILE";
    public const string PreviousSetting = "LEKHIKA_SECRETS_KEY_PREVIOUS";

    public MasterKey Current => current;

    /// <summary>The keys of the environment; null when there is none, and then no secret can be kept.</summary>
    /// <exception cref="InvalidOperationException">A key is too short, or its file is not the owner's alone.</exception>
    public static MasterKeys? Load(IConfiguration configuration)
    {
        var current = configuration[Setting] is { Length: > 0 } text ? MasterKey.Parse(text, Setting)
            : configuration[FileSetting] is { Length: > 0 } file ? MasterKey.Parse(MasterKeyFile.ReadOrMake(file), FileSetting)
            : null;
        return current is null ? null : new(current, configuration[PreviousSetting] is { Length: > 0 } before ? MasterKey.Parse(before, PreviousSetting) : null);
    }

    /// <summary>The key with this fingerprint, if this process has it.</summary>
    public MasterKey? Find(string? fingerprint) =>
        fingerprint == current.Fingerprint ? current : fingerprint == previous?.Fingerprint ? previous : null;
}
