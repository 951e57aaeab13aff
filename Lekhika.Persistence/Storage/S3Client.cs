using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Microsoft.Extensions.Options;

namespace Lekhika.Persistence.Storage;

/// <summary>The client of the object store, made when it is first needed.</summary>
public sealed class S3Client : IDisposable
{
    private readonly Lazy<AmazonS3Client> _client;

    /// <summary>A client with the settings of section <c>Storage</c>.</summary>
    public S3Client(IOptions<StorageOptions> options) => _client = new(() => Make(options.Value));

    /// <exception cref="StorageException">No object store is configured.</exception>
    internal IAmazonS3 Client => _client.Value;

    /// <inheritdoc />
    public void Dispose()
    {
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }
    }

    private static AmazonS3Client Make(StorageOptions options)
    {
        if (!options.HasObjects)
        {
            throw new StorageException(StorageException.NotConfigured, isAway: false);
        }

        var config = new AmazonS3Config
        {
            ForcePathStyle = options.PathStyle ?? !string.IsNullOrEmpty(options.Endpoint),
            Timeout = options.Timeout,
            MaxErrorRetry = 1,
            // Checksums in trailers are Amazon's; the hash of the file's row is checked instead.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (string.IsNullOrEmpty(options.Endpoint))
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        }
        else
        {
            config.ServiceURL = options.Endpoint;
            config.AuthenticationRegion = options.Region;
        }

        return string.IsNullOrEmpty(options.AccessKey) ? new AmazonS3Client(config) : new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), config);
    }
}
