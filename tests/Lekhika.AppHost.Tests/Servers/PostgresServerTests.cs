using System.Globalization;
using Lekhika.AppHost.Local.Servers;
using Npgsql;

namespace Lekhika.AppHost.Tests.Servers;

public sealed class PostgresServerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_new_cluster_is_durable_and_speaks_UTF8()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresOptions(_folder["cluster"], "pass"), CancellationToken.None);

        (await AskAsync(server, "show fsync")).ShouldBe("on");
        (await AskAsync(server, "show synchronous_commit")).ShouldBe("on");
        (await AskAsync(server, "show server_encoding")).ShouldBe("UTF8");
        (await AskAsync(server, "show listen_addresses")).ShouldBe("127.0.0.1");
        (await AskAsync(server, "show unix_socket_directories")).ShouldBe("");
    }

    [Fact]
    public async Task The_server_gets_no_secret_of_our_environment()
    {
        Environment.SetEnvironmentVariable("LEKHIKA_OPENAI_TEST_KEY", "sk-secret");

        await using var server = await PostgresServer.StartAsync(Options(), CancellationToken.None);

        // Asked of PostgreSQL itself: only its account may look into /proc.
        var environment = await AskAsync(server, $"select encode(pg_read_binary_file('/proc/{server.ProcessId}/environ'), 'escape')");
        environment.ShouldNotBeNull();
        environment.ShouldContain("PATH=");
        environment.ShouldNotContain("sk-secret");
    }

    [Fact]
    public async Task A_wrong_password_is_refused()
    {
        await using var server = await PostgresServer.StartAsync(Options(), CancellationToken.None);

        var wrong = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Password = "wrong" }.ConnectionString;
        await using var connection = new NpgsqlConnection(wrong);
        (await Should.ThrowAsync<PostgresException>(() => connection.OpenAsync())).SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
    }

    [Fact]
    public async Task Data_survive_a_crash_and_a_clean_stop()
    {
        await using (var server = await PostgresServer.StartAsync(Options(), CancellationToken.None))
        {
            await AskAsync(server, "create table book (title text); insert into book values ('Rain'); select 1");
            await server.KillAsync();
            await server.StartAgainAsync(CancellationToken.None);
            (await AskAsync(server, "select title from book")).ShouldBe("Rain");
        }

        await using var again = await PostgresServer.StartAsync(Options(), CancellationToken.None);
        (await AskAsync(again, "select title from book")).ShouldBe("Rain");
    }

    [Fact]
    public async Task A_stale_pid_file_that_names_another_living_process_is_no_obstacle()
    {
        await using (await PostgresServer.StartAsync(Options(), CancellationToken.None))
        {
        }

        await File.WriteAllTextAsync(_folder["cluster/postmaster.pid"], $"{Environment.ProcessId}\n{_folder["cluster"]}\n");

        await using var server = await PostgresServer.StartAsync(Options(), CancellationToken.None);
        (await AskAsync(server, "select 1")).ShouldBe("1");
    }

    [Fact]
    public async Task A_cluster_made_with_another_password_is_told_in_a_sentence()
    {
        await using (await PostgresServer.StartAsync(Options(), CancellationToken.None))
        {
        }

        var error = await Should.ThrowAsync<InvalidOperationException>(
            () => PostgresServer.StartAsync(Options() with { Password = "another" }, CancellationToken.None));
        error.Message.ShouldContain("was made with another one");
    }

    [Fact]
    public async Task Settings_of_the_caller_win()
    {
        await using var server = await PostgresServer.StartAsync(Options(), CancellationToken.None);

        (await AskAsync(server, "show fsync")).ShouldBe("off");
    }

    /// <summary>Not flushed, for speed: a server that crashes loses nothing that the system's cache still has.</summary>
    private PostgresOptions Options() => new(_folder["cluster"], "pass") { Settings = new Dictionary<string, string> { ["fsync"] = "off" } };

    private static async Task<string?> AskAsync(PostgresServer server, string sql)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }
}
