using System.Security.Claims;
using Lekhika.Api.Auth;
using Lekhika.Api.Errors;
using Lekhika.Api.Files;
using Lekhika.Api.Http;
using Lekhika.Api.OpenApi;
using Lekhika.Persistence.Assets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Lekhika.Api.Assets;

/// <summary>Pictures that models have made for executions.</summary>
internal static class AssetEndpoints
{
    public static string ContentPath(Guid assetId) => $"/v1/assets/{assetId}";

    public static void MapAssets(this IEndpointRouteBuilder app)
    {
        app.MapOwn("/v1/executions/{executionId:guid}/assets").WithTags("Executions").MapGet("", List).WithName("listAssets").WithSummary("The pictures of an execution, the newest first")
            .WithDescription("Covers and illustrations of every generation. A fork has those of the steps that it reused.")
            .RequireScope(Scopes.ExecutionsRead).Refuses(400, 404);
        app.MapOwn("/v1/assets/{assetId:guid}").WithTags("Files").MapGet("", Content).WithName("downloadAsset").WithSummary("Download a picture")
            .WithDescription("Its media type is what its bytes say. Supports ranges and `If-None-Match`; the ETag is the SHA-256.")
            .RequireScope(Scopes.FilesRead)
            .Produces<Stream>(StatusCodes.Status200OK, "image/png", "image/jpeg", "image/webp")
            .Refuses(404);
    }

    private static async Task<Results<Ok<AssetPage>, Refusal>> List(
        Guid executionId, [AsParameters] PageQuery query, ClaimsPrincipal caller, AssetStore assets, CancellationToken cancellationToken) =>
        await assets.ListAsync(caller.UserId(), executionId, query.Request, cancellationToken) is { } page
            ? TypedResults.Ok(new AssetPage([.. page.Items.Select(asset => new AssetEntry(asset))], PageCursor.Write(page.Next)))
            : Refusals.NoExecution;

    private static async Task<Results<FileStreamHttpResult, Refusal>> Content(Guid assetId, HttpContext context, ClaimsPrincipal caller, AssetStore assets, CancellationToken cancellationToken)
    {
        var userId = caller.UserId();
        if (await assets.FindAsync(userId, assetId, cancellationToken) is not { } asset)
        {
            return Refusals.NoFile;
        }

        context.Response.Headers.CacheControl = "private, no-cache";
        return TypedResults.Stream(
            new StoredStream(asset.Bytes, (offset, length, token) => assets.ReadAsync(userId, asset, offset, length, token)), asset.MediaType,
            $"{asset.Kind}-{asset.Id:N}.{Extension(asset.MediaType)}", new DateTimeOffset(asset.CreatedAt),
            new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(asset.Sha256)}\""), enableRangeProcessing: true);
    }

    private static string Extension(string mediaType) => mediaType switch
    {
        "image/png" => "png",
        "image/jpeg" => "jpg",
        _ => "webp",
    };
}
