using System.Net;
using Amazon.Runtime;

namespace Lekhika.Persistence.Storage;

/// <summary>What an error of the S3 client means.</summary>
internal static class S3Faults
{
    private static readonly string[] Passing = ["SlowDown", "RequestTimeout", "InternalError", "ServiceUnavailable", "Throttling", "OperationAborted"];

    /// <summary>True when there is no such object; a bucket that is missing is a wrong setting.</summary>
    public static bool IsMissing(Exception error) => error is AmazonServiceException { StatusCode: HttpStatusCode.NotFound } missing && missing.ErrorCode is "NoSuchKey" or "NotFound";

    /// <summary>True when the client itself found that what it read is not what the server's ETag says. Errors of the network are none of the client's.</summary>
    public static bool IsOtherContent(Exception error) => error is AmazonClientException && error.Message.Contains("hash", StringComparison.OrdinalIgnoreCase);

    /// <summary>The error for operators. It names codes and states only: what a server says of a refused signature is long, and nobody's business.</summary>
    public static StorageException Explain(Exception error) => error switch
    {
        AmazonServiceException { StatusCode: >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError and not HttpStatusCode.TooManyRequests and not HttpStatusCode.RequestTimeout } refused
            when !Passing.Contains(refused.ErrorCode, StringComparer.Ordinal) =>
            new($"The object store refuses the request: {refused.ErrorCode} ({(int)refused.StatusCode}).", isAway: false),
        AmazonServiceException { ErrorCode.Length: > 0 } failed => new($"The object store failed: {failed.ErrorCode} ({(int)failed.StatusCode}).", isAway: true),
        OperationCanceledException or TimeoutException => new("The object store did not answer in time.", isAway: true),
        _ => new($"The object store cannot be reached: {error.GetBaseException().Message}", isAway: true),
    };
}
