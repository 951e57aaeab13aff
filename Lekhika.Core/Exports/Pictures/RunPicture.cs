namespace Lekhika.Core.Exports.Pictures;

/// <summary>A picture that the run has made, without its bytes.</summary>
/// <param name="IsCover">Whether it is a front cover.</param>
/// <param name="NodeId">The node that made it.</param>
/// <param name="Item">The element of the node's list, such as the chapter, from 1; 0 when it made one for the whole book.</param>
/// <param name="IsNewest">Whether its step has made no later one.</param>
/// <param name="Sha256">Of its bytes.</param>
/// <param name="Alternative">What those are told who do not see it.</param>
/// <param name="Source">What made it, in a sentence.</param>
/// <param name="CreatedAt">UTC.</param>
public sealed record RunPicture(
    Guid Id, bool IsCover, string NodeId, int Item, bool IsNewest, byte[] Sha256, string MediaType, int Bytes, int Width, int Height, string Alternative, string Source, DateTime CreatedAt)
{
    /// <summary>How figures name it, and its key among the manuscript's images.</summary>
    public string Key => $"{Id:D}";

    /// <summary>The id that a figure's image names, written as <see cref="Key"/> is; null when it names none of ours.</summary>
    public static Guid? IdOf(string image) => Guid.TryParseExact(image, "D", out var id) && image == $"{id:D}" ? id : null;
}
