using System.Security.Claims;
using Lekhika.Api.Auth;
using Lekhika.Api.Errors;
using Lekhika.Api.Http;
using Lekhika.Api.Keys;
using Lekhika.Api.OpenApi;
using Lekhika.Persistence.Files;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Lekhika.Api.Files;

/// <summary>The finished files, for a key or for whoever has logged in.</summary>
internal static class FileEndpoints
{
    public static string ContentPath(Guid fileId) => $"/v1/files/{fileId}/content";

    public static void MapFiles(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/files/{fileId:guid}/content", Content).WithTags("Files").WithName("downloadFile").WithSummary("Download a file")
            .WithDescription("Supports ranges and `If-None-Match`; the ETag is the file's SHA-256.")
            .RequireAuthorization(policy => policy.AddAuthenticationSchemes(ApiKeyAuthentication.Scheme, AccessTokenAuthentication.Scheme).RequireAuthenticatedUser())
            .RequireScope(Scopes.FilesRead)
            .RequireRateLimiting(HttpLimits.ByClient)
            .Produces<Stream>(StatusCodes.Status200OK, "application/octet-stream")
            .Refuses(401, 403, 404, 429);

    private static async Task<Results<FileStreamHttpResult, Refusal>> Content(
        Guid fileId, HttpContext context, ClaimsPrincipal caller, FileStore files, CancellationToken cancellationToken)
    {
        var userId = caller.UserId();
        if (await files.FindAsync(userId, fileId, cancellationToken) is not { } file)
        {
            return Refusals.NoFile;
        }

        context.Response.Headers.CacheControl = "private, no-cache";
        return TypedResults.Stream(
            new StoredStream(file.Bytes, (offset, length, token) => files.ReadAsync(userId, file.Id, offset, length, token)), file.MediaType, file.Name, new DateTimeOffset(file.CreatedAt),
            new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(file.Sha256)}\""), enableRangeProcessing: true);
    }
}
