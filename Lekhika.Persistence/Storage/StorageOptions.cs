using Microsoft.Extensions.Options;

namespace Lekhika.Persistence.Storage;

/// <summary>Where the bytes of files are kept; section <c>Storage</c> of the configuration, the same for the Api and the exporter.</summary>
public sealed class StorageOptions
{
    /// <summary>Files made from now on are kept in the database.</summary>
    public const string Postgres = "postgres";

    /// <summary>Files made from now on are kept in an object store that speaks S3.</summary>
    public const string S3 = "s3";

    /// <summary><c>postgres</c> (default) or <c>s3</c>. What is there already is read from where it is, as long as the settings below are given.</summary>
    public string Kind { get; set; } = Postgres;

    /// <summary>The server's address, such as <c>http://127.0.0.1:9000</c>; absent for Amazon's own.</summary>
    public string? Endpoint { get; set; }

    /// <summary>The bucket for new files; it must be there. Objects of other buckets are read and removed with the same key.</summary>
    public string? Bucket { get; set; }

    /// <summary>The region that requests are signed for. Default <c>us-east-1</c>.</summary>
    public string Region { get; set; } = "us-east-1";

    /// <summary>Whether the bucket stands in the path rather than in the host's name. Default: when there is an <see cref="Endpoint"/>.</summary>
    public bool? PathStyle { get; set; }

    /// <summary>The id of the access key. Without both parts Amazon's own chain of identities holds (environment, role of the machine).</summary>
    public string? AccessKey { get; set; }

    /// <summary>The secret of the access key; never logged.</summary>
    public string? SecretKey { get; set; }

    /// <summary>Seconds of one try of a request. Default 60.</summary>
    public double TimeoutSeconds { get; set; } = 60;

    /// <summary>Seconds for which an exporter tries to store a file that it has made before it gives the format up. Default 300.</summary>
    public double PatienceSeconds { get; set; } = 300;

    /// <summary>Whether an object store is configured, be it only to read what is there.</summary>
    public bool HasObjects => !string.IsNullOrEmpty(Bucket);

    internal TimeSpan Timeout => TimeSpan.FromSeconds(TimeoutSeconds);

    internal TimeSpan Patience => TimeSpan.FromSeconds(PatienceSeconds);
}

/// <summary>Checks the settings when the service starts. No message holds a value of a key.</summary>
internal sealed class StorageOptionsCheck : IValidateOptions<StorageOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        var faults = Faults(options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(StorageOptions options)
    {
        if (options.Kind is not (StorageOptions.Postgres or StorageOptions.S3))
        {
            yield return "Storage:Kind must be 'postgres' or 's3'.";
        }

        if (options.Kind == StorageOptions.S3 && !options.HasObjects)
        {
            yield return "Storage:Bucket must name the bucket when Storage:Kind is 's3'.";
        }

        if (options.HasObjects && !IsBucket(options.Bucket!))
        {
            yield return "Storage:Bucket must be a bucket's name: 3 to 63 lower-case letters, digits, hyphens and points.";
        }

        if (!string.IsNullOrEmpty(options.Endpoint) && !IsServer(options.Endpoint))
        {
            yield return "Storage:Endpoint must be the address of a server, such as https://s3.example.org, without a user, a path or a query.";
        }

        if (string.IsNullOrEmpty(options.AccessKey) != string.IsNullOrEmpty(options.SecretKey))
        {
            yield return "Storage:AccessKey and Storage:SecretKey belong together: give both, or neither.";
        }

        if (string.IsNullOrWhiteSpace(options.Region))
        {
            yield return "Storage:Region must not be empty.";
        }

        if (options.TimeoutSeconds is not (>= 1 and <= 600))
        {
            yield return "Storage:TimeoutSeconds must be 1 to 600.";
        }

        if (options.PatienceSeconds is not (>= 0 and <= 1_800))
        {
            yield return "Storage:PatienceSeconds must be 0 to 1800.";
        }
    }

    private static bool IsBucket(string name) =>
        name.Length is >= 3 and <= 63 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.')
        && char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1]);

    private static bool IsServer(string endpoint) =>
        Uri.TryCreate(endpoint, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
        && address is { UserInfo: "", AbsolutePath: "/", Query: "", Fragment: "" };
}
