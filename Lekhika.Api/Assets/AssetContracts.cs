using Lekhika.Persistence.Assets;

namespace Lekhika.Api.Assets;

/// <summary>A picture that a step has made.</summary>
/// <param name="Kind"><c>image</c> or <c>cover</c>.</param>
/// <param name="Generation">Of the step; a higher one is newer.</param>
/// <param name="MediaType">As its bytes say.</param>
/// <param name="Sha256">Of its bytes, hexadecimal.</param>
/// <param name="Prompt">What the model was asked for.</param>
/// <param name="AltText">What to say where it cannot be seen.</param>
/// <param name="Model">What made it, as <c>keyName:modelId</c>.</param>
/// <param name="Licence">What may be done with it.</param>
/// <param name="Url">Where its bytes are.</param>
internal sealed record AssetEntry(
    Guid Id,
    string NodeId,
    int Item,
    int Generation,
    string Kind,
    string MediaType,
    int Bytes,
    int Width,
    int Height,
    string Sha256,
    string Prompt,
    string AltText,
    string Model,
    string Licence,
    DateTime CreatedAt,
    string Url)
{
    public AssetEntry(Asset asset)
        : this(
            asset.Id, asset.Step.NodeId, asset.Step.Item, asset.Step.Generation, asset.Kind, asset.MediaType, asset.Bytes, asset.Width, asset.Height, Convert.ToHexStringLower(asset.Sha256),
            asset.Prompt, asset.AltText, $"{asset.Provider}:{asset.Model}", asset.Licence, asset.CreatedAt, AssetEndpoints.ContentPath(asset.Id))
    {
    }
}

/// <summary>A page of an execution's pictures.</summary>
/// <param name="NextCursor">For the next page; null on the last one.</param>
internal sealed record AssetPage(IReadOnlyList<AssetEntry> Assets, string? NextCursor);
