using Lekhika.AppHost.Local.Processes;
using Lekhika.AppHost.Local.Servers;

namespace Lekhika.AppHost.Tests.Servers;

public sealed class RedisServerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Only_the_right_password_is_let_in()
    {
        await using var server = await RedisServer.StartAsync(Options(), CancellationToken.None);

        (await RedisPing.SucceedsAsync(server.Port, "pass", CancellationToken.None)).ShouldBeTrue();
        (await RedisPing.SucceedsAsync(server.Port, "wrong", CancellationToken.None)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_killed_server_can_be_started_again_on_its_port()
    {
        await using var server = await RedisServer.StartAsync(Options(), CancellationToken.None);
        var port = server.Port;

        await server.KillAsync();
        (await RedisPing.SucceedsAsync(port, "pass", CancellationToken.None)).ShouldBeFalse();
        await server.StartAgainAsync(CancellationToken.None);

        server.Port.ShouldBe(port);
        (await RedisPing.SucceedsAsync(port, "pass", CancellationToken.None)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_taken_port_is_told_with_the_servers_own_words()
    {
        await using var first = await RedisServer.StartAsync(Options(), CancellationToken.None);

        var error = await Should.ThrowAsync<InvalidOperationException>(
            () => RedisServer.StartAsync(Options() with { Port = first.Port }, CancellationToken.None));
        error.Message.ShouldContain("Address already in use");
    }

    [Fact]
    public async Task A_frozen_server_is_not_waited_for()
    {
        await using var server = await RedisServer.StartAsync(Options(), CancellationToken.None);
        Signal.Stop.SendTo(server.ProcessId);

        (await RedisPing.SucceedsAsync(server.Port, "pass", CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20))).ShouldBeFalse();

        Signal.Continue.SendTo(server.ProcessId);
        (await RedisPing.SucceedsAsync(server.Port, "pass", CancellationToken.None)).ShouldBeTrue();
    }

    [Fact]
    public async Task The_password_is_for_the_owner_alone_even_where_a_file_for_all_was()
    {
        Directory.CreateDirectory(_folder["redis"]);
        await File.WriteAllTextAsync(_folder["redis/redis.conf"], "");
        File.SetUnixFileMode(_folder["redis/redis.conf"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        await using var server = await RedisServer.StartAsync(Options(), CancellationToken.None);

        File.GetUnixFileMode(_folder["redis/redis.conf"]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.GetFiles(_folder["redis"], "*.new").ShouldBeEmpty();
    }

    private RedisOptions Options() => new(_folder["redis"], "pass") { Persistent = false };
}
