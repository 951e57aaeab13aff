using System.Net;
using System.Net.Sockets;
using Lekhika.Persistence.Storage;
using Lekhika.Testing.Storage;

namespace Lekhika.Persistence.Tests.Storage;

public sealed class S3ContentsSpecs : IAsyncLifetime
{
    private ObjectStore _store = null!;

    public async Task InitializeAsync() => _store = await ObjectStore.StartAsync();

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(3_000_000)]
    public async Task A_file_comes_back_to_the_letter_and_none_of_it_is_in_the_database(int length)
    {
        var content = ObjectStore.Bytes(length);

        var (userId, file) = await _store.MakeAsync(content);

        (await _store.ReadAsync(userId, file)).ShouldBe(content);
        (await _store.Server.ReadAsync(file.Object.ShouldNotBeNull().Key)).ShouldBe(content);
        file.Object.Key.ShouldBe($"files/{userId:N}/{file.Id:N}/{Convert.ToHexStringLower(file.Sha256)}");
        (await _store.Stores.Database.AskAsync<long>("SELECT count(*) FROM file_contents")).ShouldBe(0);
    }

    [Fact]
    public async Task Files_of_before_and_after_the_setting_was_changed_are_both_read()
    {
        var (userId, inStore) = await _store.MakeAsync([1, 2]);
        await _store.Stores.ExportingAsync("txt");
        var lease = (await _store.Stores.ClaimExportsAsync(1)).ShouldHaveSingleItem();
        (await _store.Stores.SucceedAsync(lease, [3, 4])).ShouldBeTrue();

        var inDatabase = (await _store.Files.FindAsync(lease.UserId, await _store.Stores.Database.AskAsync<Guid>("SELECT id FROM files WHERE export_job_id = $1", lease.JobId), CancellationToken.None)).ShouldNotBeNull();

        inDatabase.Object.ShouldBeNull();
        (await _store.ReadAsync(lease.UserId, inDatabase)).ShouldBe([3, 4]);
        (await _store.ReadAsync(userId, inStore)).ShouldBe([1, 2]);
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("cut off")]
    [InlineData("longer")]
    [InlineData("lost")]
    public async Task Bytes_that_are_not_those_of_the_hash_are_damage(string fault)
    {
        var content = ObjectStore.Bytes(100_000);
        var (userId, file) = await _store.MakeAsync(content);
        var key = file.Object!.Key;
        switch (fault)
        {
            case "changed":
                content[99_999] ^= 1;
                await _store.Server.WriteAsync(key, content);
                break;
            case "cut off":
                await _store.Server.WriteAsync(key, content[..^1]);
                break;
            case "longer":
                await _store.Server.WriteAsync(key, [.. content, 0]);
                break;
            default:
                _store.Server.Lose(key);
                break;
        }

        var error = await Should.ThrowAsync<DamagedFileException>(() => _store.Files.VerifyAsync(userId, file, CancellationToken.None));

        error.Message.ShouldContain(file.Id.ToString());
    }

    [Fact]
    public async Task An_object_that_is_lost_after_it_was_found_right_is_damage_too()
    {
        var (userId, file) = await _store.MakeAsync(ObjectStore.Bytes(10));
        await _store.Files.VerifyAsync(userId, file, CancellationToken.None);
        _store.Server.Lose(file.Object!.Key);
        await _store.Files.VerifyAsync(userId, file, CancellationToken.None);

        await Should.ThrowAsync<DamagedFileException>(() => _store.Files.ReadAsync(userId, file, 5, 5, CancellationToken.None));
    }

    [Fact]
    public async Task A_store_that_takes_a_request_and_says_nothing_is_away_after_the_time_out()
    {
        var (userId, file) = await _store.MakeAsync(ObjectStore.Bytes(10));
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var other = _store.With(new StorageOptions
        {
            Endpoint = $"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}",
            Bucket = S3Server.Bucket,
            AccessKey = "a",
            SecretKey = "b",
            TimeoutSeconds = 1,
        });

        var error = await Should.ThrowAsync<StorageException>(() => other.Files.VerifyAsync(userId, file, CancellationToken.None));

        error.IsAway.ShouldBeTrue();
        error.Message.ShouldBe("The object store did not answer in time.");
    }

    [Fact]
    public async Task A_store_that_is_away_is_no_damage()
    {
        var (userId, file) = await _store.MakeAsync([1]);
        await _store.Server.StopAsync();

        (await Should.ThrowAsync<StorageException>(() => _store.Files.VerifyAsync(userId, file, CancellationToken.None))).IsAway.ShouldBeTrue();

        await _store.Server.StartAgainAsync();
        (await _store.ReadAsync(userId, file)).ShouldBe([1]);
    }

    [Fact]
    public async Task Without_its_bytes_there_is_no_file()
    {
        var run = await _store.Stores.ExportingAsync("txt");
        var lease = (await _store.Stores.ClaimExportsAsync(1)).ShouldHaveSingleItem();
        await _store.Server.StopAsync();

        await Should.ThrowAsync<StorageException>(() => _store.Results.SucceedAsync(lease, Core.Exports.ExportFormat.Txt, Stores.File([1]), TimeSpan.Zero, CancellationToken.None));

        (await run.AskAsync<long>("SELECT count(*) FROM files WHERE execution_id = $1")).ShouldBe(0);
        (await run.AskAsync<string>("SELECT status FROM export_jobs WHERE execution_id = $1")).ShouldBe("running");
    }

    [Fact]
    public async Task An_old_attempt_brings_nothing_to_the_store()
    {
        await _store.Stores.ExportingAsync("txt");
        var old = (await _store.Stores.ClaimExportsAsync(1)).ShouldHaveSingleItem();
        await _store.Stores.Database.ExecuteAsync("UPDATE export_jobs SET lease_until = now() - interval '1 second'");
        (await _store.Stores.ClaimExportsAsync(1)).ShouldHaveSingleItem();

        (await _store.Results.SucceedAsync(old, Core.Exports.ExportFormat.Txt, Stores.File([1]), TimeSpan.Zero, CancellationToken.None)).ShouldBeFalse();

        _store.Server.Keys.ShouldBeEmpty();
        (await _store.Stores.Database.AskAsync<long>("SELECT count(*) FROM file_objects")).ShouldBe(0);
    }
}
