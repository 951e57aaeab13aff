using System.Net;
using System.Net.Sockets;
using Lekhika.AppHost.Local.Processes;
using Lekhika.Core;
using Lekhika.Core.Planning;
using Npgsql;

namespace Lekhika.AppHost.Tests.Whole;

public sealed class ReadyAppHost : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TcpListener _taken = new(IPAddress.Loopback, 0);

    /// <summary>What the environment may say of models besides key and address, without which they are not used.</summary>
    internal static IReadOnlyList<string> Models { get; } =
        [.. new[] { "OPENAI", "ANTHROPIC", "GOOGLE" }.SelectMany(provider => new[] { $"LEKHIKA_{provider}_MODEL=quill-1", $"LEKHIKA_{provider}_BATCHES=true" })];

    internal AppHostProcess Process { get; private set; } = null!;

    internal TemporaryFolder Folder => _folder;

    internal int TakenPort => ((IPEndPoint)_taken.LocalEndpoint).Port;

    public async Task InitializeAsync()
    {
        _taken.Start();
        Process = await AppHostProcess.StartAsync(_folder, [$"--Lekhika:ApiPort={TakenPort}", "--Lekhika:WorkerReplicas=3", "--Storage:AccessKey=a-key", "--Storage:SecretKey=a-secret", .. Models.Select(model => $"--{model}")]);
        await Process.ReadyAsync();
    }

    public async Task DisposeAsync() => await Process.DisposeAsync();

    public void Dispose()
    {
        _taken.Dispose();
        _folder.Dispose();
    }
}

public sealed class RunningTests(ReadyAppHost ready) : IClassFixture<ReadyAppHost>
{
    private readonly AppHostProcess _appHost = ready.Process;

    [Fact]
    public void Each_resource_starts_after_what_it_waits_for()
    {
        var lines = _appHost.Output;
        string[] order =
        [
            "Distributed application starting.", "postgres  | [Running, healthy", "lekhika   | [Running, healthy]", "migrator  | [Finished, exit code 0]",
            "worker-1  | [Starting]", "Distributed application started. Press Ctrl+C to shut down.",
        ];

        order.Select(line => lines.IndexOf(line, StringComparison.Ordinal)).ShouldBeInOrder(SortDirection.Ascending);
        lines.IndexOf(order[0], StringComparison.Ordinal).ShouldBe(0);
        lines.ShouldNotContain("Login to the dashboard");
    }

    [Theory]
    [InlineData("lekhika_api")]
    [InlineData("lekhika_worker")]
    [InlineData("lekhika_exporter")]
    public async Task A_services_role_is_no_superuser_and_without_a_tenant_it_sees_no_rows(string role)
    {
        await using (var administrator = await _appHost.ConnectAsync())
        {
            (await AskAsync(administrator, """
                insert into users (id, email, password_hash, level_id)
                select gen_random_uuid(), gen_random_uuid() || '@example.org', 'none', id from levels limit 1;
                select count(*) > 0 from users
                """)).ShouldBe(true);
        }

        await using var connection = await _appHost.ConnectAsync(role);

        (await AskAsync(connection, "select current_user")).ShouldBe(role);
        (await AskAsync(connection, "select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb from pg_roles where rolname = current_user")).ShouldBe(false);
        (await AskAsync(connection, "select count(*) from pg_class where relowner = current_user::regrole")).ShouldBe(0L);
        var tables = (string[]?)await AskAsync(connection, """
            select array_agg(tablename::text) from pg_policies
            where policyname = 'tenant' and has_table_privilege(format('%I.%I', schemaname, tablename), 'select')
            """);
        tables.ShouldNotBeNull().ShouldNotBeEmpty();
        foreach (var table in tables)
        {
            (await AskAsync(connection, $"select count(*) from {table}")).ShouldBe(0L, table);
        }
    }

    [Fact]
    public async Task The_services_sessions_are_those_of_their_roles()
    {
        await using var administrator = await _appHost.ConnectAsync();

        var roles = (string[]?)await AskAsync(administrator, "select array_agg(distinct usename::text) from pg_stat_activity where datname = 'lekhika' and pid <> pg_backend_pid()");

        (roles ?? []).ShouldNotContain("postgres");
    }

    [Fact]
    public async Task A_taken_port_of_the_api_is_replaced_by_another()
    {
        var url = (await _appHost.ResourceAsync("api")).GetProperty("urls")[0].GetString();

        new Uri(url!).Port.ShouldNotBe(ready.TakenPort);
    }

    [Fact]
    public async Task A_second_AppHost_on_the_same_data_is_refused()
    {
        using var elsewhere = new TemporaryFolder();
        await using var second = await AppHostProcess.StartAsync(elsewhere, $"--Lekhika:DataDirectory={_appHost.DataDirectory}");

        (await second.Exited).ShouldBe(1);
        second.Output.ShouldContain($"is running with the data folder '{_appHost.DataDirectory}'. Stop it, or choose another folder");
    }

    [Fact]
    public async Task Three_workers_take_runs_from_one_queue_each_run_once_and_each_under_its_own_name()
    {
        var worker = await _appHost.ResourceAsync("worker");
        worker.GetProperty("urls").EnumerateArray().Select(url => url.GetString()).Distinct().Count().ShouldBe(3);
        await using var administrator = await _appHost.ConnectAsync();
        var (user, engine, version) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        await AskAsync(administrator, $$"""
            insert into users (id, email, password_hash, level_id) select '{{user}}', '{{user}}@example.org', 'none', id from levels where key = 'enterprise';
            insert into workflow_versions (id, user_id, definition) values ('{{version}}', '{{user}}', '{"nodes": [], "edges": []}');
            insert into user_engines (id, user_id, engine_id, workflow_version_id, name) select '{{engine}}', '{{user}}', id, '{{version}}', 'Empty' from ai_engines limit 1
            """);
        var brief = Json.Write(new Brief("T", null, "A", "fantasy", "adults", "warm", "narrative", "en", "", 1, 500, 1, new Dictionary<string, string>()));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));

        // Nobody announces these runs, and their workflow fails at once: each worker finds some at its own polls.
        while ((long)(await AskAsync(administrator, $"select count(distinct data ->> 'worker') from execution_events where user_id = '{user}' and type = 'run.claimed'"))! < 3)
        {
            await AskAsync(administrator, $$"""
                with run as (
                    insert into engine_executions (id, user_id, user_engine_id, workflow_version_id, title, formats, last_seq)
                    values (gen_random_uuid(), '{{user}}', '{{engine}}', '{{version}}', 'T', '{txt}', 1) returning id
                ), input as (
                    insert into execution_inputs (execution_id, user_id, brief, settings) select id, '{{user}}', '{{brief}}', '{}' from run
                )
                insert into execution_events (execution_id, seq, user_id, type) select id, 1, '{{user}}', 'run.submitted' from run
                """);
            await Task.Delay(50, patience.Token);
        }

        while ((long)(await AskAsync(administrator, $"select count(*) from engine_executions where user_id = '{user}' and status <> 'failed'"))! > 0)
        {
            await Task.Delay(50, patience.Token);
        }

        (await AskAsync(administrator, $"select count(*) from engine_executions where user_id = '{user}' and attempt <> 1")).ShouldBe(0L);
        (await AskAsync(administrator, $"select count(distinct data ->> 'worker') from execution_events where user_id = '{user}' and type = 'run.claimed'")).ShouldBe(3L);
    }

    [Fact]
    public async Task A_worker_has_a_secret_of_its_own_for_its_internal_endpoints()
    {
        var secrets = System.Text.Json.JsonElement.Parse(await File.ReadAllTextAsync(Path.Combine(_appHost.DataDirectory, "secrets.json")));
        var secret = secrets.GetProperty("internal-api-secret").GetString();

        var environment = await File.ReadAllTextAsync($"/proc/{Ids((await _appHost.ResourceAsync("worker")).GetProperty("pids"))[0]}/environ");

        secret!.Length.ShouldBeGreaterThanOrEqualTo(32);
        environment.Split('\0').ShouldContain($"INTERNAL_API_SECRET={secret}");
        environment.Split('\0').ShouldNotContain(variable => variable.StartsWith("PORT=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_said_of_models_reaches_the_worker_and_nobody_else()
    {
        foreach (var (name, has) in new[] { ("worker", true), ("api", false), ("exporter", false) })
        {
            var environment = await File.ReadAllTextAsync($"/proc/{Ids((await _appHost.ResourceAsync(name)).GetProperty("pids"))[0]}/environ");
            ReadyAppHost.Models.ShouldAllBe(model => environment.Split('\0').Contains(model) == has, name);
        }
    }

    [Fact]
    public async Task Api_and_worker_have_the_same_master_key_for_providers_keys_and_nobody_else_has_it()
    {
        var secrets = System.Text.Json.JsonElement.Parse(await File.ReadAllTextAsync(Path.Combine(_appHost.DataDirectory, "secrets.json")));
        var key = secrets.GetProperty("secrets-key").GetString();

        key!.Length.ShouldBeGreaterThanOrEqualTo(32);
        foreach (var (name, has) in new[] { ("api", true), ("worker", true), ("exporter", false) })
        {
            var environment = await File.ReadAllTextAsync($"/proc/{Ids((await _appHost.ResourceAsync(name)).GetProperty("pids"))[0]}/environ");
            environment.Split('\0').Contains($"LEKHIKA_SECRETS_KEY={key}").ShouldBe(has, name);
        }
    }

    [Theory]
    [InlineData("api", true)]
    [InlineData("exporter", true)]
    [InlineData("worker", false)]
    public async Task The_key_of_the_store_of_files_is_for_those_who_write_and_read_files(string name, bool has)
    {
        var environment = await File.ReadAllTextAsync($"/proc/{Ids((await _appHost.ResourceAsync(name)).GetProperty("pids"))[0]}/environ");

        environment.Split('\0').Contains("Storage__SecretKey=a-secret").ShouldBe(has);
    }

    [Fact]
    public async Task A_killed_worker_comes_back()
    {
        var before = Ids((await _appHost.ResourceAsync("worker")).GetProperty("pids"));
        before.Count.ShouldBe(3);

        Signal.Kill.SendTo(before[0]);

        await _appHost.UntilAsync(state =>
        {
            var worker = AppHostProcess.Resource(state, "worker");
            var now = Ids(worker.GetProperty("pids"));
            return now.Count == 3 && !now.Contains(before[0]) && before.Skip(1).All(now.Contains) && worker.GetProperty("health").GetString() == "Healthy";
        });
    }

    private static List<int> Ids(System.Text.Json.JsonElement pids) => [.. pids.EnumerateArray().Select(pid => pid.GetInt32())];

    private static async Task<object?> AskAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() is var value && value is not DBNull ? value : null;
    }
}
