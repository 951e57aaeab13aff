using Lekhika.Core.Exports;
using Lekhika.Persistence.Files;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Lekhika.Api.Files;

/// <summary>The answer with a file's bytes, whoever may have them. They are verified before the first of them is sent, so a damaged file is an error and never a broken book.</summary>
internal static class FileDownload
{
    public static FileStreamHttpResult Of(StoredFile file, Guid userId, FileStore files, HttpContext context)
    {
        context.Response.Headers.CacheControl = "private, no-cache";
        context.Response.Headers.ContentDisposition = Disposition(file.Name);
        var bytes = new StoredStream(file.Bytes, async (offset, length, token) => await files.ReadAsync(userId, file, offset, length, token), token => files.VerifyAsync(userId, file, token));
        return TypedResults.Stream(
            bytes, file.MediaType, fileDownloadName: null, new DateTimeOffset(file.CreatedAt),
            new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(file.Sha256)}\""), enableRangeProcessing: true);
    }

    /// <summary>The name twice (RFC 6266): in ASCII for clients of long ago, and as it is.</summary>
    private static string Disposition(string name) =>
        new ContentDispositionHeaderValue("attachment") { FileName = FileName.InAscii(name), FileNameStar = name }.ToString();
}
