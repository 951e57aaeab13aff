namespace Lekhika.Core.Policies;

/// <summary>A kind of content that can be switched on and off.</summary>
/// <param name="Key">As clients call it.</param>
/// <param name="What">For sentences to people.</param>
/// <param name="IsAllowed">Whether it is written when nobody has said anything.</param>
/// <param name="IsOptIn">Whether a user has to switch it on, even where the platform does.</param>
public sealed record PolicyCategory(string Key, string What, bool IsAllowed, bool IsOptIn = false);

/// <summary>The kinds of content that policies know.</summary>
public static class PolicyCategories
{
    /// <summary>Sexually explicit content: off until platform and user have both switched it on.</summary>
    public const string Adult = "adult";

    /// <summary>Cruelty shown for its own sake.</summary>
    public const string ViolenceGraphic = "violence_graphic";

    /// <summary>What encourages or teaches to harm oneself.</summary>
    public const string SelfHarm = "self_harm";

    /// <summary>What incites against people for what they are.</summary>
    public const string Hate = "hate";

    /// <summary>What teaches to make weapons.</summary>
    public const string Weapons = "weapons";

    /// <summary>What teaches to commit crimes.</summary>
    public const string Crime = "crime";

    /// <summary>Sexual content with minors: always refused.</summary>
    public const string Minors = "minors";

    /// <summary>Of a finding by the user's own list.</summary>
    public const string OwnWords = "own_words";

    /// <summary>Of a finding by the platform's list.</summary>
    public const string PlatformWords = "platform_words";

    /// <summary>Those that can be switched.</summary>
    public static IReadOnlyList<PolicyCategory> All { get; } =
    [
        new(Adult, "sexually explicit content", IsAllowed: false, IsOptIn: true),
        new(ViolenceGraphic, "graphic cruelty", IsAllowed: true),
        new(SelfHarm, "what encourages or teaches to harm oneself", IsAllowed: false),
        new(Hate, "incitement against people for what they are", IsAllowed: false),
        new(Weapons, "instructions for weapons", IsAllowed: false),
        new(Crime, "instructions for crimes", IsAllowed: false),
    ];

    /// <summary>The category in words, for people.</summary>
    public static string What(string category) => category switch
    {
        Minors => "sexual content with minors",
        OwnWords => "a phrase of your own list",
        PlatformWords => "a phrase that the platform refuses",
        _ => All.First(known => known.Key == category).What,
    };
}
