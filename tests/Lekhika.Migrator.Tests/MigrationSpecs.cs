using Lekhika.Migrator;
using Lekhika.Testing;
using Lekhika.Testing.Servers;
using Npgsql;

namespace Lekhika.Migrator.Tests;

/// <summary>On a server of its own: roles belong to the whole server, and other tests log in with their passwords.</summary>
public sealed class MigrationSpecs : IAsyncLifetime
{
    private static readonly RolePasswords Passwords = new("a'pi \\ ü", "wor$$ker", "ex\"porter");

    private BreakablePostgres _server = null!;

    public async Task InitializeAsync() => _server = await BreakablePostgres.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_fresh_database_gets_every_script_once_and_its_roles_their_rights()
    {
        var database = await CreateAsync();

        var first = await MigrationRunner.RunAsync(database, Passwords, CancellationToken.None);
        var second = await MigrationRunner.RunAsync(database, Passwords, CancellationToken.None);

        first.Count.ShouldBeGreaterThanOrEqualTo(10);
        first.ShouldBe(first.Order(StringComparer.Ordinal));
        first.Select(name => name[..4]).ShouldBeUnique();
        second.ShouldBeEmpty();
        (await AskAsync<long>(database, "SELECT count(*) FROM schema_migrations")).ShouldBe(first.Count);
        (await AskAsync<long>(database, "SELECT count(*) FROM ai_engines WHERE is_default")).ShouldBe(1);

        foreach (var (role, password) in new[] { ("lekhika_api", Passwords.Api), ("lekhika_worker", Passwords.Worker), ("lekhika_exporter", Passwords.Exporter) })
        {
            (await AskAsync<string>(LogIn(database, role, password), "SELECT current_user::text")).ShouldBe(role);
            (await Should.ThrowAsync<PostgresException>(() => AskAsync<string>(LogIn(database, role, password + "x"), "SELECT 1"))).SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
            (await AskAsync<bool>(database, $"SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication FROM pg_roles WHERE rolname = '{role}'")).ShouldBeFalse(role);
            (await AskAsync<long>(database, $"SELECT (SELECT count(*) FROM pg_auth_members WHERE member = '{role}'::regrole) + (SELECT count(*) FROM pg_shdepend WHERE refobjid = '{role}'::regrole AND deptype = 'o')")).ShouldBe(0, $"{role} is a member of nothing and owns nothing");
        }

        (await AskAsync<bool>(database, "SELECT bool_or(rolcanlogin) FROM pg_roles WHERE rolname IN ('lekhika_owner', 'lekhika_doors')")).ShouldBeFalse();
        (await AskAsync<bool>(database, "SELECT bool_or(rolsuper OR rolbypassrls) FROM pg_roles WHERE rolname = 'lekhika_owner'")).ShouldBeFalse();
        (await AskAsync<string[]>(database, "SELECT array_agg(DISTINCT tableowner::text) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_migrations'")).ShouldBe(["lekhika_owner"]);
    }

    [Fact]
    public async Task Passwords_are_set_anew_each_time()
    {
        var database = await CreateAsync();
        await MigrationRunner.RunAsync(database, Passwords, CancellationToken.None);

        await MigrationRunner.RunAsync(database, Passwords with { Worker = "new" }, CancellationToken.None);

        (await AskAsync<int>(LogIn(database, "lekhika_worker", "new"), "SELECT 1")).ShouldBe(1);
        await Should.ThrowAsync<PostgresException>(() => AskAsync<int>(LogIn(database, "lekhika_worker", Passwords.Worker), "SELECT 1"));
    }

    [Fact]
    public async Task Of_three_that_start_at_once_one_works_and_the_others_find_nothing_to_do()
    {
        var database = await CreateAsync();

        var done = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => MigrationRunner.RunAsync(database, Passwords, CancellationToken.None))));

        done.Count(scripts => scripts.Count > 0).ShouldBe(1);
        (await AskAsync<long>(database, "SELECT count(*) FROM schema_migrations")).ShouldBe(done.Sum(scripts => scripts.Count));
    }

    [Fact]
    public async Task A_script_that_was_changed_after_it_was_applied_is_refused_by_name()
    {
        var database = await CreateAsync();
        await MigrationRunner.RunAsync(database, Passwords, CancellationToken.None);
        await AskAsync<object>(database, "UPDATE schema_migrations SET checksum = sha256('other') WHERE name = '0003_identity.sql'");

        var refusal = await Should.ThrowAsync<MigrationException>(() => MigrationRunner.RunAsync(database, Passwords, CancellationToken.None));

        refusal.Message.ShouldBe("The script 0003_identity.sql was changed after it had been applied to this database. Put it back and write the next script.");
        await LockIsFreeAsync(database);
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_and_stays_as_it_is()
    {
        var database = await CreateAsync();
        await MigrationRunner.RunAsync(database, Passwords, CancellationToken.None);
        await AskAsync<object>(database, "INSERT INTO schema_migrations (name, checksum) VALUES ('9000_future.sql', 'x')");

        var refusal = await Should.ThrowAsync<MigrationException>(() => MigrationRunner.RunAsync(database, Passwords with { Api = "other" }, CancellationToken.None));

        refusal.Message.ShouldContain("9000_future.sql");
        refusal.Message.ShouldContain("newer version");
        (await AskAsync<int>(LogIn(database, "lekhika_api", Passwords.Api), "SELECT 1")).ShouldBe(1, "the passwords are left alone");
        await LockIsFreeAsync(database);
    }

    [Fact]
    public async Task Those_whom_the_operator_names_become_administrators_when_they_have_an_account_and_nobody_else_changes()
    {
        var database = await CreateAsync();
        await MigrationRunner.RunAsync(database, Passwords, CancellationToken.None);
        foreach (var (email, role) in new[] { ("Asha@example.org", "user"), ("super@example.org", "superadmin"), ("old@example.org", "admin"), ("other@example.org", "user") })
        {
            await AskAsync<object>(database, $"INSERT INTO users (id, email, password_hash, role, level_id) SELECT gen_random_uuid(), '{email}', 'h', '{role}', id FROM levels WHERE key = 'starter'");
        }

        var named = Administrators.Read(" asha@EXAMPLE.org, super@example.org,,nobody@example.org ");
        named.ShouldBe(["asha@EXAMPLE.org", "super@example.org", "nobody@example.org"]);
        (await Administrators.AppointAsync(database, named, CancellationToken.None)).ShouldBe((1, 1));
        (await Administrators.AppointAsync(database, named, CancellationToken.None)).ShouldBe((0, 1));

        (await AskAsync<string[]>(database, "SELECT array_agg(email || ' ' || role ORDER BY email) FROM users"))
            .ShouldBe(["Asha@example.org admin", "old@example.org admin", "other@example.org user", "super@example.org superadmin"], ignoreOrder: true);
        Administrators.Read(null).ShouldBeEmpty();
    }

    /// <summary>The server gives a closed session's locks back a moment after the client has left.</summary>
    private static Task LockIsFreeAsync(string database) => Eventually.TrueAsync(
        async () => await AskAsync<long>(database, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())") == 0,
        "the migrator's lock is free");

    private async Task<string> CreateAsync()
    {
        var name = $"m_{Guid.NewGuid():N}";
        await AskAsync<object>(_server.ConnectionString, $"CREATE DATABASE {name} TEMPLATE template0");
        return new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Database = name, Pooling = false }.ConnectionString;
    }

    private static string LogIn(string database, string role, string password) =>
        new NpgsqlConnectionStringBuilder(database) { Username = role, Password = password }.ConnectionString;

    private static async Task<T?> AskAsync<T>(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() is T found ? found : default;
    }
}
