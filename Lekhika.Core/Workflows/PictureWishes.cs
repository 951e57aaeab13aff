namespace Lekhika.Core.Workflows;

/// <summary>Variables of the original's forms that say how pictures should look; nodes that make pictures read them by themselves.</summary>
public static class PictureWishes
{
    /// <summary>In the order in which a prompt tells them.</summary>
    public static IReadOnlyList<string> Variables { get; } =
        ["image_style", "art_type", "mood", "lighting_style", "color_palette", "background", "composition", "camera_angle", "ecover_style", "ecover_layout", "negative_prompt"];
}
