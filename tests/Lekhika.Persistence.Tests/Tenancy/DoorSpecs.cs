using System.Text.RegularExpressions;
using Lekhika.Testing.Runs;
using Npgsql;

namespace Lekhika.Persistence.Tests.Tenancy;

public sealed class DoorSpecs(TwoTenants tenants) : IClassFixture<TwoTenants>
{
    private readonly Stores _stores = tenants.Stores;

    /// <summary>Name and argument types, answered columns, callers: of the catalogue and of docs/doors.md.</summary>
    [Fact]
    public async Task The_doors_are_those_of_the_page_and_no_others()
    {
        var page = Regex.Matches(await File.ReadAllTextAsync(Page()), @"^\| `(?<door>\w+\(.*?\))` \| (?<answers>.*?) \| (?<caller>\w+) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))
            .Select(row => $"{row.Groups["door"]} -> {row.Groups["answers"]} for {row.Groups["caller"]}").ToList();

        var catalogue = await _stores.Database.AskAsync<string[]>("""
            SELECT array_agg(p.oid::regprocedure::text || ' -> '
                || (SELECT string_agg(name, ', ' ORDER BY n) FROM unnest(p.proargnames, p.proargmodes) WITH ORDINALITY AS a (name, mode, n) WHERE mode = 't')
                || ' for ' || (SELECT string_agg(acl.grantee::regrole::text, ', ') FROM aclexplode(p.proacl) acl WHERE acl.grantee <> p.proowner))
            FROM pg_proc p WHERE p.prosecdef
            """);

        catalogue.ShouldNotBeNull().Select(door => door.Replace(",", ", ").Replace(",  ", ", ")).ShouldBe(page, ignoreOrder: true);
        page.Count.ShouldBeGreaterThan(3);
    }

    [Fact]
    public async Task Every_door_is_owned_by_the_doors_role_with_a_fixed_path_and_closed_to_the_public()
    {
        var wrong = await _stores.Database.AskAsync<string[]>("""
            SELECT array_agg(p.oid::regprocedure::text) FROM pg_proc p
            WHERE p.prosecdef AND NOT (p.proowner = 'lekhika_doors'::regrole
                AND p.proconfig = ARRAY['search_path=pg_catalog, public, pg_temp']
                AND NOT EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) acl WHERE acl.grantee = 0))
            """);

        wrong.ShouldBeNull();
    }

    [Fact]
    public async Task No_function_of_ours_is_open_to_the_public()
    {
        (await _stores.Database.AskAsync<string[]>("""
            SELECT array_agg(p.oid::regprocedure::text) FROM pg_proc p
            WHERE p.pronamespace = 'public'::regnamespace
              AND EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) acl WHERE acl.grantee = 0)
            """)).ShouldBeNull();
    }

    [Theory]
    [InlineData("lekhika_worker", "SELECT * FROM find_key('\\x00')")]
    [InlineData("lekhika_worker", "SELECT * FROM find_login('a')")]
    [InlineData("lekhika_worker", "SELECT * FROM claim_exports('w', 1, '1 minute')")]
    [InlineData("lekhika_exporter", "SELECT * FROM claim_runs('w', 1, '1 minute')")]
    [InlineData("lekhika_exporter", "SELECT * FROM find_key('\\x00')")]
    [InlineData("lekhika_api", "SELECT * FROM requested_runs('w')")]
    [InlineData("lekhika_api", "SELECT * FROM find_execution(gen_random_uuid())")]
    [InlineData("lekhika_api", "SELECT * FROM count_runs()")]
    [InlineData("lekhika_api", "SELECT * FROM pause_queue(true)")]
    [InlineData("lekhika_exporter", "SELECT * FROM requested_runs('w')")]
    [InlineData("lekhika_exporter", "SELECT * FROM find_execution(gen_random_uuid())")]
    [InlineData("lekhika_exporter", "SELECT * FROM count_runs()")]
    [InlineData("lekhika_exporter", "SELECT * FROM pause_queue(true)")]
    [InlineData("lekhika_worker", "UPDATE queue_controls SET paused = true")]
    [InlineData("lekhika_api", "SELECT * FROM claim_runs('w', 1, '1 minute')")]
    [InlineData("lekhika_api", "SELECT * FROM claim_exports('w', 1, '1 minute')")]
    [InlineData("lekhika_api", "SELECT * FROM gather_batches('1 minute', 1, 1)")]
    [InlineData("lekhika_api", "SELECT * FROM claim_batches('w', 1, '1 minute')")]
    [InlineData("lekhika_exporter", "SELECT * FROM batch_rests_over(1)")]
    [InlineData("lekhika_api", "SELECT * FROM remove_files('1 day', 1, 1)")]
    [InlineData("lekhika_worker", "SELECT * FROM remove_files('1 day', 1, 1)")]
    [InlineData("lekhika_api", "SELECT * FROM useless_objects('1 day', gen_random_uuid(), 1)")]
    [InlineData("lekhika_worker", "SELECT * FROM useless_objects('1 day', gen_random_uuid(), 1)")]
    [InlineData("lekhika_api", "SELECT * FROM unfinished_reports('1 day', 1)")]
    [InlineData("lekhika_worker", "SELECT * FROM unfinished_reports('1 day', 1)")]
    [InlineData("lekhika_exporter", "UPDATE files SET removed_at = now()")]
    [InlineData("lekhika_exporter", "DELETE FROM file_contents")]
    [InlineData("lekhika_exporter", "SELECT * FROM link_keys")]
    [InlineData("lekhika_worker", "SELECT * FROM link_keys")]
    [InlineData("lekhika_api", "SET ROLE lekhika_doors")]
    [InlineData("lekhika_worker", "SET ROLE lekhika_owner")]
    [InlineData("lekhika_exporter", "CALL open_for_reading('files')")]
    [InlineData("lekhika_worker", "CREATE TABLE mine (id int)")]
    public async Task A_door_opens_for_its_service_only(string role, string sql)
    {
        await using var connection = new NpgsqlConnection(role switch { "lekhika_api" => _stores.Database.Api, "lekhika_worker" => _stores.Database.Worker, _ => _stores.Database.Exporter });
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);

        (await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync())).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task A_key_or_a_log_in_is_found_only_while_it_may_be_used()
    {
        var run = await QueuedRun.InsertAsync(_stores.Database);
        await _stores.Database.ExecuteAsync("INSERT INTO api_keys (id, user_id, name, prefix, hash, scopes) VALUES (gen_random_uuid(), $1, 'k', 'p', sha256('k'), '{}')", run.UserId);
        await using var api = new NpgsqlConnection(_stores.Database.Api);
        await api.OpenAsync();
        async Task<(object? Key, object? Login)> FindAsync()
        {
            await using var key = new NpgsqlCommand("SELECT user_id FROM find_key(sha256('k'))", api);
            await using var login = new NpgsqlCommand($"SELECT user_id FROM find_login('{run.UserId.ToString("N").ToUpperInvariant()}@EXAMPLE.org')", api);
            return (await key.ExecuteScalarAsync(), await login.ExecuteScalarAsync());
        }

        (await FindAsync()).ShouldBe((run.UserId, run.UserId));
        await _stores.Database.ExecuteAsync("UPDATE api_keys SET expires_at = now() - interval '1 second' WHERE user_id = $1", run.UserId);
        (await FindAsync()).ShouldBe((null, run.UserId));
        await _stores.Database.ExecuteAsync("UPDATE api_keys SET expires_at = now() + interval '1 day', revoked_at = now() WHERE user_id = $1", run.UserId);
        (await FindAsync()).ShouldBe((null, run.UserId));
        await _stores.Database.ExecuteAsync("UPDATE api_keys SET revoked_at = NULL WHERE user_id = $1", run.UserId);
        await _stores.Database.ExecuteAsync("UPDATE users SET is_active = false WHERE id = $1", run.UserId);
        (await FindAsync()).ShouldBe((null, null));
    }

    private static string Page()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "docs", "doors.md")))
            {
                return Path.Combine(folder, "docs", "doors.md");
            }
        }

        throw new FileNotFoundException("docs/doors.md is not above the tests.");
    }
}
