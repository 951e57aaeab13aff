namespace Lekhika.Run.Display;

/// <summary>The few colours, by what they say (Spectre's names of the 256-colour palette).</summary>
internal static class Palette
{
    public const string Accent = "lightgoldenrod2_2";
    public const string Good = "darkseagreen2";
    public const string Warning = "gold3";
    public const string Bad = "indianred1";
    public const string Quiet = "grey58";
    public const string Faint = "grey27";
}
