using Lekhika.Testing;
using Lekhika.Testing.Processes;
using Lekhika.Testing.Runs;
using Lekhika.Testing.Servers;
using Lekhika.Testing.Storage;

namespace Lekhika.Exporter.Tests.Storage;

/// <summary>An exporter process whose files go to an S3 server.</summary>
public sealed class StoppedStoreSpecs : IAsyncLifetime
{
    private const string Secret = "the-secret-of-the-store-that-is-wrong";

    private TestDatabase _database = null!;
    private S3Server _server = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _server = await S3Server.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_file_waits_for_a_store_that_is_away_for_a_while_and_is_made_once()
    {
        await _server.StopAsync();
        await using var exporter = await StartAsync();
        var run = await (await QueuedRun.InsertAsync(_database, formats: ["txt"])).CompileAsync();
        await Eventually.TrueAsync(() => Task.FromResult(exporter.Output.Contains("waits", StringComparison.Ordinal)), "the exporter tells that the store is away");

        await _server.StartAgainAsync();
        await run.UntilAsync("completed");

        var key = await run.AskAsync<string>("SELECT o.key FROM files f JOIN file_objects o ON o.id = f.object_id AND o.kept WHERE f.execution_id = $1");
        _server.Keys.ShouldBe([key.ShouldNotBeNull()]);
        (await run.AskAsync<bool>("SELECT sha256($2::bytea) = sha256 FROM files WHERE execution_id = $1".Replace("$2", $"'\\x{Convert.ToHexString(await _server.ReadAsync(key))}'", StringComparison.Ordinal))).ShouldBeTrue();
        (await run.AskAsync<int>("SELECT attempt FROM export_jobs WHERE execution_id = $1")).ShouldBe(1);
    }

    [Fact]
    public async Task A_format_is_given_up_with_a_reason_when_the_store_stays_away_and_made_when_it_is_ordered_again()
    {
        await _server.StopAsync();
        await using var exporter = await StartAsync(("Storage__PatienceSeconds", "1"));
        var run = await (await QueuedRun.InsertAsync(_database, formats: ["txt"])).CompileAsync();

        await run.UntilAsync("failed", TimeSpan.FromSeconds(40));

        (await run.AskAsync<string>("SELECT error FROM export_jobs WHERE execution_id = $1")).ShouldNotBeNull().ShouldStartWith("The file was made, but the store that keeps files did not answer for too long.");
        (await run.AskAsync<long>("SELECT count(*) FROM files WHERE execution_id = $1")).ShouldBe(0);

        await _server.StartAgainAsync();
        await _database.ExecuteAsync("UPDATE engine_executions SET status = 'exporting', finished_at = NULL, error = NULL WHERE id = $1", run.Id);
        await _database.ExecuteAsync("INSERT INTO export_jobs (id, execution_id, user_id, order_no, format, uses_pages, settings) VALUES (gen_random_uuid(), $1, $2, 2, 'txt', false, '{}')", run.Id, run.UserId);
        await run.UntilAsync("completed");
        (await run.AskAsync<string>("SELECT name FROM files WHERE execution_id = $1")).ShouldBe("The-Lamplighters-Map_2.txt");
    }

    [Fact]
    public async Task A_store_that_refuses_the_key_is_told_at_once_and_no_secret_is_logged()
    {
        await using var exporter = await StartAsync(("Storage__AccessKey", "nobody"), ("Storage__SecretKey", Secret), ("Logging__LogLevel__Default", "Trace"));
        var run = await (await QueuedRun.InsertAsync(_database, formats: ["txt"])).CompileAsync();

        await run.UntilAsync("failed");

        (await run.AskAsync<string>("SELECT error FROM export_jobs WHERE execution_id = $1")).ShouldNotBeNull().ShouldStartWith("The file was made, but the store that keeps files refused it.");
        exporter.Output.ShouldContain("InvalidAccessKeyId");
        exporter.Output.ShouldNotContain(Secret);
    }

    [Fact]
    public async Task Settings_that_do_not_fit_end_the_start_with_their_names_and_without_a_secret()
    {
        var error = await Should.ThrowAsync<InvalidOperationException>(() => StartAsync(("Storage__Bucket", ""), ("Storage__SecretKey", Secret)));

        error.Message.ShouldContain("Storage:Bucket must name the bucket");
        error.Message.ShouldNotContain(Secret);
    }

    private async Task<ServiceProcess> StartAsync(params (string Name, string Value)[] more)
    {
        var redis = await TestRedis.CreateAsync();
        var environment = new Dictionary<string, string?>(_server.Variables, StringComparer.Ordinal)
        {
            ["ConnectionStrings__lekhika"] = _database.Exporter,
            ["ConnectionStrings__redis"] = redis.ConnectionString,
            ["Signals__Prefix"] = redis.Prefix,
            ["Exporter__PollMilliseconds"] = "50",
            ["Exporter__TypesetterDirectory"] = Path.Combine(BuiltProgram.Root, "Lekhika.Exporter/Pdf/typesetter"),
        };
        foreach (var (name, value) in more)
        {
            environment[name] = value;
        }

        return await ServiceProcess.StartAsync("Lekhika.Exporter", environment);
    }
}
