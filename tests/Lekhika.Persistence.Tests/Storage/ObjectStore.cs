using System.Security.Cryptography;
using Lekhika.Persistence.Exports;
using Lekhika.Persistence.Files;
using Lekhika.Persistence.Storage;
using Lekhika.Persistence.Tenancy;
using Lekhika.Testing.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Lekhika.Persistence.Tests.Storage;

/// <summary>An exporter's stores over an S3 server, and the Api's to read.</summary>
internal sealed class ObjectStore : IAsyncDisposable
{
    private readonly NpgsqlDataSource _exporter;
    private readonly NpgsqlDataSource _api;

    private ObjectStore(Stores stores, S3Server server, StorageOptions options)
    {
        Stores = stores;
        Server = server;
        _exporter = Stores.Source(stores.Database.Exporter);
        _api = Stores.Source(stores.Database.Api);
        Contents = Objects(_exporter, options);
        Results = new ExportResults(new TenantDatabase(_exporter), Contents);
        Retention = new RetentionStore(_exporter, new TenantDatabase(_exporter), Contents);
        var api = new TenantDatabase(_api);
        Files = new FileStore(api, new PostgresContents(api), Objects(_api, options));
    }

    /// <summary>The Api's side with other settings.</summary>
    public Reader With(StorageOptions options) => new(Stores.Source(Stores.Database.Api), options);

    public Stores Stores { get; }

    public S3Server Server { get; }

    public S3Contents Contents { get; }

    public ExportResults Results { get; }

    public RetentionStore Retention { get; }

    public FileStore Files { get; }

    public static async Task<ObjectStore> StartAsync()
    {
        var server = await S3Server.StartAsync();
        return new ObjectStore(await Stores.StartAsync(), server, new StorageOptions
        {
            Kind = StorageOptions.S3,
            Endpoint = server.Settings["Storage:Endpoint"],
            Bucket = server.Settings["Storage:Bucket"],
            AccessKey = server.Settings["Storage:AccessKey"],
            SecretKey = server.Settings["Storage:SecretKey"],
            PatienceSeconds = 0,
            TimeoutSeconds = 10,
        });
    }

    /// <summary>Makes a file of a run of its own, in the object store.</summary>
    public async Task<(Guid UserId, StoredFile File)> MakeAsync(byte[] content)
    {
        var run = await Stores.ExportingAsync("txt");
        var lease = (await Stores.ClaimExportsAsync(1)).ShouldHaveSingleItem();
        var file = Stores.File(content);
        (await Results.SucceedAsync(lease, Core.Exports.ExportFormat.Txt, file, TimeSpan.Zero, CancellationToken.None)).ShouldBeTrue();
        return (run.UserId, (await Files.FindAsync(run.UserId, file.Id, CancellationToken.None)).ShouldNotBeNull());
    }

    /// <summary>All of it, as a download reads it.</summary>
    public async Task<byte[]> ReadAsync(Guid userId, StoredFile file)
    {
        await Files.VerifyAsync(userId, file, CancellationToken.None);
        var first = await Files.ReadAsync(userId, file, 0, 1000, CancellationToken.None);
        return first.Length == file.Bytes ? first : [.. first, .. await Files.ReadAsync(userId, file, first.Length, 1 << 24, CancellationToken.None)];
    }

    public async ValueTask DisposeAsync()
    {
        Files.Dispose();
        await _exporter.DisposeAsync();
        await _api.DisposeAsync();
        await Stores.DisposeAsync();
        await Server.DisposeAsync();
    }

    public static byte[] Bytes(int length) => RandomNumberGenerator.GetBytes(length);

    /// <summary>An Api's files with settings of its own.</summary>
    public sealed class Reader(NpgsqlDataSource source, StorageOptions options) : IAsyncDisposable
    {
        public FileStore Files { get; } = new(new TenantDatabase(source), new PostgresContents(new TenantDatabase(source)), Objects(source, options));

        public async ValueTask DisposeAsync()
        {
            Files.Dispose();
            await source.DisposeAsync();
        }
    }

    private static S3Contents Objects(NpgsqlDataSource source, StorageOptions options)
    {
        var wrapped = Options.Create(options);
        return new S3Contents(new TenantDatabase(source), new S3Client(wrapped), wrapped, TimeProvider.System, NullLogger<S3Contents>.Instance);
    }
}
