using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lekhika.Persistence.Storage;
using Lekhika.Persistence.Tenancy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Lekhika.Persistence.Tests.Storage;

/// <summary>What goes over the wire: s3rver does not check signatures of version 4, so they are made anew here, as the specification says.</summary>
public sealed class SignedRequestSpecs
{
    private const string Secret = "a/secret+of=letters";

    [Fact]
    public async Task An_object_is_sent_whole_with_a_signature_over_its_bytes_that_the_secret_and_the_region_give()
    {
        var heard = new TaskCompletionSource<(Dictionary<string, string> Headers, byte[] Body)>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var server = builder.Build();
        server.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            heard.TrySetResult((context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString(), StringComparer.Ordinal), body.ToArray()));
            context.Response.Headers.ETag = "\"whatever\"";
        });
        await server.StartAsync();
        await using var stores = await Stores.StartAsync();
        await using var source = Stores.Source(stores.Database.Exporter);
        var options = Options.Create(new StorageOptions { Kind = "s3", Endpoint = server.Urls.Single(), Bucket = "the-books", Region = "eu-central-1", AccessKey = "AKEXAMPLE", SecretKey = Secret, PatienceSeconds = 0 });
        using var client = new S3Client(options);
        var contents = new S3Contents(new TenantDatabase(source), client, options, TimeProvider.System, NullLogger<S3Contents>.Instance);
        await stores.ExportingAsync("txt");
        var lease = (await stores.ClaimExportsAsync(1)).ShouldHaveSingleItem();
        var content = ObjectStore.Bytes(200_000);

        await contents.KeepAsync(lease, Guid.NewGuid(), content, SHA256.HashData(content), CancellationToken.None);

        var (headers, sent) = await heard.Task;
        sent.ShouldBe(content);
        headers["x-amz-content-sha256"].ShouldBe(Convert.ToHexStringLower(SHA256.HashData(content)));
        headers["content-length"].ShouldBe("200000");
        headers.Keys.ShouldNotContain("x-amz-trailer");
        headers.Keys.ShouldNotContain("content-encoding");
        var key = await stores.Database.AskAsync<string>("SELECT key FROM file_objects");
        headers["authorization"].ShouldBe(Signed("PUT", $"/the-books/{key}", headers));
    }

    /// <summary>AWS Signature Version 4 ("Create a signed AWS API request"), for S3, without a query.</summary>
    private static string Signed(string method, string path, Dictionary<string, string> headers)
    {
        var names = headers["authorization"].Split("SignedHeaders=")[1].Split(',')[0];
        var canonical = $"{method}\n{path}\n\n{string.Concat(names.Split(';').Select(name => $"{name}:{headers[name].Trim()}\n"))}\n{names}\n{headers["x-amz-content-sha256"]}";
        var moment = headers["x-amz-date"];
        var scope = $"{moment[..8]}/eu-central-1/s3/aws4_request";
        var text = $"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = Encoding.UTF8.GetBytes("AWS4" + Secret);
        foreach (var part in scope.Split('/'))
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        names.Split(';').ShouldBe(["content-length", "content-type", "host", "x-amz-content-sha256", "x-amz-date"], Case.Sensitive, "what must not be changed on the way is signed");
        DateTime.ParseExact(moment, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture).Year.ShouldBeGreaterThan(2025);
        return $"AWS4-HMAC-SHA256 Credential=AKEXAMPLE/{scope}, SignedHeaders={names}, Signature={Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)))}";
    }
}
