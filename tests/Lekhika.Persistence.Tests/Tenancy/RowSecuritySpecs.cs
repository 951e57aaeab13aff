using Lekhika.Persistence.Tenancy;
using Lekhika.Testing.Runs;
using Npgsql;
using NpgsqlTypes;

namespace Lekhika.Persistence.Tests.Tenancy;

/// <summary>Two tenants with a row in every table; each service tries to pass from one to the other.</summary>
public sealed class RowSecuritySpecs(TwoTenants tenants) : IClassFixture<TwoTenants>
{
    private const string Group = "app.user_ids";

    private const string HasOwner = "EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'user_id' AND NOT a.attisdropped)";

    /// <summary>Tables of what users keep for their own sake: the Api deletes their own rows.</summary>
    private static readonly string[] Deletable = ["ai_model_metadata", "ai_model_preferences", "ai_provider_secrets", "ai_providers", "themes"];

    private readonly Stores _stores = tenants.Stores;
    private readonly QueuedRun _mine = tenants.Mine;
    private readonly QueuedRun _theirs = tenants.Theirs;

    [Fact]
    public async Task Every_table_has_row_security_enabled_and_forced_and_one_without_is_noticed()
    {
        (await OpenTablesAsync()).ShouldBeNull("close_to_tenant or open_for_reading is called for each table; views would need security_invoker and a test of their own");

        await _stores.Database.ExecuteAsync("CREATE TABLE forgotten (id int)");
        (await OpenTablesAsync()).ShouldBe(["forgotten"]);
        await _stores.Database.ExecuteAsync("ALTER TABLE forgotten ENABLE ROW LEVEL SECURITY");
        (await OpenTablesAsync()).ShouldBe(["forgotten"], "its owner would pass");
        await _stores.Database.ExecuteAsync("DROP TABLE forgotten");
    }

    [Fact]
    public async Task Every_table_of_tenants_has_rows_of_both_for_these_tests()
    {
        foreach (var (table, owner) in await TenantTablesAsync())
        {
            (await _stores.Database.AskAsync<long>($"SELECT count(DISTINCT {owner}) FROM {table} WHERE {owner} IS NOT NULL")).ShouldBe(2, table);
        }
    }

    [Fact]
    public async Task Every_policy_that_lets_write_checks_what_is_written()
    {
        var unchecked_ = await _stores.Database.AskAsync<string[]>("SELECT array_agg(tablename || '.' || policyname) FROM pg_policies WHERE schemaname = 'public' AND cmd <> 'SELECT' AND with_check IS NULL");

        unchecked_.ShouldBeNull();
    }

    [Theory]
    [InlineData("lekhika_api")]
    [InlineData("lekhika_worker")]
    [InlineData("lekhika_exporter")]
    public async Task Nobody_sees_nothing_and_one_tenant_nothing_of_another(string role)
    {
        await using var connection = await OpenAsync(role);
        foreach (var (table, owner) in await TenantTablesAsync(role))
        {
            (await CountAsync(connection, null, $"SELECT count(*) FROM {table} WHERE {owner} IS NOT NULL")).ShouldBe(0, $"{role}, {table}, no tenant");
            (await CountAsync(connection, _mine.UserId, $"SELECT count(*) FROM {table} WHERE {owner} = '{_mine.UserId}'")).ShouldBeGreaterThan(0, $"{role}, {table}, own");
            (await CountAsync(connection, _mine.UserId, $"SELECT count(*) FROM {table} WHERE {owner} <> '{_mine.UserId}'")).ShouldBe(0, $"{role}, {table}, another's");
        }
    }

    /// <summary>What a worker writes and reads of many tenants' runs at once (docs/adr/0024).</summary>
    private static readonly string[] OfGroups =
    [
        "ai_batch_calls", "ai_calls", "books", "chapter_scenes", "chapter_versions", "dead_letters", "engine_executions", "execution_events", "execution_inputs", "export_jobs", "node_outputs",
        "previews", "regenerations",
    ];

    [Fact]
    public async Task Of_the_tenants_of_a_group_a_worker_sees_what_belongs_to_runs_and_nothing_of_others()
    {
        await using var connection = await OpenAsync("lekhika_worker");
        foreach (var (table, owner) in await TenantTablesAsync("lekhika_worker"))
        {
            var both = $"SELECT count(DISTINCT {owner}) FROM {table} WHERE {owner} IS NOT NULL";
            (await CountAsync(connection, $"{_mine.UserId},{_theirs.UserId}", both, Group)).ShouldBe(OfGroups.Contains(table) ? 2 : 0, table);
            (await CountAsync(connection, $"{_mine.UserId}", both, Group)).ShouldBe(OfGroups.Contains(table) ? 1 : 0, table);
            (await CountAsync(connection, $"{_mine.UserId}", $"SELECT count(*) FROM {table} WHERE {owner} = '{_theirs.UserId}'", Group)).ShouldBe(0, table);
        }

        await RefusedAsync("lekhika_worker", $"INSERT INTO execution_events (execution_id, seq, user_id, type) VALUES ('{_theirs.Id}', 99, '{_theirs.UserId}', 'x')", "42501", Group);
        await RefusedAsync("lekhika_worker", $"UPDATE engine_executions SET user_id = '{_theirs.UserId}'", "42501", Group);
    }

    [Theory]
    [InlineData("lekhika_api")]
    [InlineData("lekhika_exporter")]
    public async Task Nobody_but_a_worker_names_tenants_of_a_group(string role)
    {
        await using var connection = await OpenAsync(role);
        foreach (var (table, owner) in await TenantTablesAsync(role))
        {
            (await CountAsync(connection, $"{_mine.UserId},{_theirs.UserId}", $"SELECT count(*) FROM {table} WHERE {owner} IS NOT NULL", Group)).ShouldBe(0, table);
        }
    }

    [Theory]
    [InlineData("lekhika_api")]
    [InlineData("lekhika_worker")]
    [InlineData("lekhika_exporter")]
    public async Task No_statement_changes_or_deletes_a_row_of_another_tenant(string role)
    {
        await using var connection = await OpenAsync(role);
        foreach (var (table, owner) in await TenantTablesAsync())
        {
            var column = await _stores.Database.AskAsync<string>("SELECT min(attname::text) FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND has_column_privilege($2::text, attrelid, attnum, 'UPDATE')", table, role);
            if (column is not null)
            {
                (await CountAsync(connection, _mine.UserId, $"WITH changed AS (UPDATE {table} SET {column} = DEFAULT WHERE {owner} <> '{_mine.UserId}' RETURNING 1) SELECT count(*) FROM changed")).ShouldBe(0, $"{role}, {table}");
            }

            (await _stores.Database.AskAsync<bool>("SELECT has_table_privilege($1::text, $2::regclass, 'TRUNCATE')", role, table)).ShouldBeFalse($"{role} may empty {table}");
            var deletes = await _stores.Database.AskAsync<bool>("SELECT has_table_privilege($1::text, $2::regclass, 'DELETE')", role, table);
            deletes.ShouldBe(role == "lekhika_api" && Deletable.Contains(table), $"{role} may delete from {table}");
            if (deletes)
            {
                (await CountAsync(connection, _mine.UserId, $"WITH gone AS (DELETE FROM {table} WHERE {owner} IS DISTINCT FROM '{_mine.UserId}' RETURNING 1) SELECT count(*) FROM gone")).ShouldBe(0, $"{role}, {table}");
                (await CountAsync(connection, _mine.UserId, $"WITH gone AS (DELETE FROM {table} WHERE {owner} = '{_mine.UserId}' RETURNING 1) SELECT count(*) FROM gone")).ShouldBe(1, $"{role}, {table}, own");
            }
        }
    }

    [Fact]
    public async Task A_row_cannot_be_written_for_or_given_to_another_tenant()
    {
        await RefusedAsync("lekhika_api", $"INSERT INTO execution_events (execution_id, seq, user_id, type) VALUES ('{_theirs.Id}', 99, '{_theirs.UserId}', 'x')", "42501");
        await RefusedAsync("lekhika_api", $"INSERT INTO user_engines (id, user_id, engine_id, workflow_version_id, name) SELECT gen_random_uuid(), '{_theirs.UserId}', engine_id, workflow_version_id, 'x' FROM user_engines", "42501");
        await RefusedAsync("lekhika_worker", $"UPDATE engine_executions SET user_id = '{_theirs.UserId}'", "42501");
        await RefusedAsync("lekhika_exporter", $"UPDATE export_jobs SET user_id = '{_theirs.UserId}'", "42501");
        foreach (var role in new[] { "lekhika_api", "lekhika_worker" })
        {
            await RefusedAsync(role, $"INSERT INTO regenerations (execution_id, node_id, item, generation, user_id) VALUES ('{_theirs.Id}', 'n', 1, 2, '{_theirs.UserId}')", "42501");
            await RefusedAsync(role, $"INSERT INTO engine_executions (id, user_id, user_engine_id, workflow_version_id, title, formats) SELECT gen_random_uuid(), '{_theirs.UserId}', user_engine_id, workflow_version_id, 't', '{{}}' FROM engine_executions", "42501");
        }

        await RefusedAsync("lekhika_worker", $"INSERT INTO previews (execution_id, node_id, generation, user_id, content) VALUES ('{_theirs.Id}', 'n', 1, '{_theirs.UserId}', '{{}}')", "42501");
        await RefusedAsync("lekhika_worker", $"INSERT INTO chapter_scenes (execution_id, node_id, item, generation, scene, user_id, content) VALUES ('{_theirs.Id}', 'n', 1, 1, 1, '{_theirs.UserId}', 'c')", "42501");
        await RefusedAsync("lekhika_worker", $"INSERT INTO dead_letters (execution_id, user_id, error_class, message) VALUES ('{_theirs.Id}', '{_theirs.UserId}', 'c', 'm')", "42501");
        await RefusedAsync("lekhika_worker", $"INSERT INTO node_outputs (execution_id, node_id, item, generation, user_id, kind, attempt) VALUES ('{_theirs.Id}', 'n', 1, 1, '{_theirs.UserId}', 'k', 1)", "42501");
        await RefusedAsync("lekhika_api", $"INSERT INTO ai_providers (id, user_id, name, provider) VALUES (gen_random_uuid(), '{_theirs.UserId}', 'x', 'openai')", "42501");
        await RefusedAsync("lekhika_api", $"INSERT INTO ai_model_preferences (id, user_id, tier, models) VALUES (gen_random_uuid(), '{_theirs.UserId}', 'premium', '{{a:b}}')", "42501");
        await RefusedAsync("lekhika_api", $"INSERT INTO content_policies (user_id) VALUES ('{_theirs.UserId}')", "42501");
        await RefusedAsync("lekhika_worker", $"UPDATE ai_calls SET user_id = '{_theirs.UserId}'", "42501");
        await RefusedAsync("lekhika_worker", $"UPDATE ai_batches SET user_id = '{_theirs.UserId}'", "42501");
        await RefusedAsync("lekhika_worker", $"UPDATE ai_batch_calls SET user_id = '{_theirs.UserId}'", "42501");
        await RefusedAsync("lekhika_api", "INSERT INTO ai_batch_calls SELECT * FROM ai_batch_calls", "42501");
        await RefusedAsync("lekhika_api", "UPDATE ai_batch_calls SET request = '{}'", "42501");
        await RefusedAsync("lekhika_api", "SELECT 1 FROM ai_batches", "42501");
    }

    /// <summary>Foreign keys are not checked under row-level security: the tenant must be part of them.</summary>
    [Fact]
    public async Task A_row_of_ones_own_cannot_hang_on_another_tenants()
    {
        await RefusedAsync("lekhika_api", $"INSERT INTO execution_events (execution_id, seq, user_id, type) VALUES ('{_theirs.Id}', 99, '{_mine.UserId}', 'x')", "23503");
        await RefusedAsync("lekhika_worker", $"INSERT INTO node_outputs (execution_id, node_id, item, generation, user_id, kind, attempt) VALUES ('{_theirs.Id}', 'n', 7, 1, '{_mine.UserId}', 'k', 1)", "23503");
        await RefusedAsync("lekhika_worker", $"INSERT INTO chapter_versions (execution_id, number, version, user_id, title, content, words, node_id) VALUES ('{_theirs.Id}', 7, 1, '{_mine.UserId}', 't', 'c', 1, 'n')", "23503");
        await RefusedAsync("lekhika_worker", $"INSERT INTO export_jobs (id, execution_id, user_id, order_no, format, uses_pages, settings) VALUES (gen_random_uuid(), '{_theirs.Id}', '{_mine.UserId}', 7, 'txt', false, '{{}}')", "23503");
        var job = await _theirs.AskAsync<Guid>("SELECT id FROM export_jobs WHERE execution_id = $1 AND format = 'md'");
        await RefusedAsync("lekhika_exporter", $"INSERT INTO files (id, export_job_id, execution_id, user_id, format, name, media_type, bytes, sha256) VALUES (gen_random_uuid(), '{job}', '{_mine.Id}', '{_mine.UserId}', 'md', 'n', 'm', 1, '')", "23503");
        await RefusedAsync("lekhika_exporter", $"INSERT INTO file_objects (id, user_id, export_job_id, attempt, bucket, key) VALUES (gen_random_uuid(), '{_mine.UserId}', '{job}', 1, 'books', 'files/2')", "23503");
        var own = await _mine.AskAsync<Guid>("SELECT id FROM export_jobs WHERE execution_id = $1 AND format = 'md'");
        await RefusedAsync("lekhika_exporter", $"INSERT INTO files (id, export_job_id, execution_id, user_id, format, name, media_type, bytes, sha256, object_id) VALUES (gen_random_uuid(), '{own}', '{_mine.Id}', '{_mine.UserId}', 'md', 'n', 'm', 1, '', '{_theirs.Id}')", "23503");
        await RefusedAsync("lekhika_api", $"INSERT INTO regenerations (execution_id, node_id, item, generation, user_id) VALUES ('{_theirs.Id}', 'n', 1, 2, '{_mine.UserId}')", "23503");
        await RefusedAsync("lekhika_worker", $"INSERT INTO previews (execution_id, node_id, generation, user_id, content) VALUES ('{_theirs.Id}', 'n', 1, '{_mine.UserId}', '{{}}')", "23503");
        await RefusedAsync("lekhika_worker", $"INSERT INTO chapter_scenes (execution_id, node_id, item, generation, scene, user_id, content) VALUES ('{_theirs.Id}', 'n', 1, 1, 1, '{_mine.UserId}', 'c')", "23503");
        await RefusedAsync("lekhika_worker", $"INSERT INTO dead_letters (execution_id, user_id, error_class, message) VALUES ('{_theirs.Id}', '{_mine.UserId}', 'c', 'm')", "23503");
        var book = await _theirs.AskAsync<Guid>("SELECT id FROM books WHERE execution_id = $1");
        await RefusedAsync("lekhika_worker", $"INSERT INTO export_jobs (id, execution_id, user_id, order_no, format, uses_pages, settings, book_id) VALUES (gen_random_uuid(), '{_mine.Id}', '{_mine.UserId}', 7, 'txt', false, '{{}}', '{book}')", "23503");
        foreach (var provider in new[] { _theirs.Id, Guid.Parse("01900000-0000-7000-8000-000000000101") })
        {
            await RefusedAsync("lekhika_api", $"INSERT INTO ai_model_metadata (id, user_id, provider_id, model_id, display_name) VALUES (gen_random_uuid(), '{_mine.UserId}', '{provider}', 'x', 'X')", "23503");
        }

        await RefusedAsync("lekhika_api", $"WITH gone AS (DELETE FROM ai_provider_secrets) INSERT INTO ai_provider_secrets (provider_id, user_id, protected) VALUES ('01900000-0000-7000-8000-000000000101', '{_mine.UserId}', 'p')", "23503");
        await RefusedAsync("lekhika_api", $"INSERT INTO ai_model_prices (id, model_id, user_id, version, input_per_million, output_per_million) VALUES (gen_random_uuid(), '{_theirs.Id}', '{_mine.UserId}', 7, 1, 1)", "23503");
        await RefusedAsync("lekhika_worker", $"INSERT INTO ai_calls (id, execution_id, user_id, node_id, item, generation, attempt, operation, task, provider, provider_name, own_key, model_asked, status, started_at) VALUES (gen_random_uuid(), '{_theirs.Id}', '{_mine.UserId}', 'n', 1, 1, 1, 'chat', 't', 'openai', 'mine', true, 'm', 'started', now())", "23503");
        const string call = "INSERT INTO ai_batch_calls (id, execution_id, user_id, node_id, item, generation, provider_id, provider, provider_name, model, inputs, request, deadline, batch_id)";
        await RefusedAsync("lekhika_worker", $"{call} VALUES (gen_random_uuid(), '{_theirs.Id}', '{_mine.UserId}', 'n', 9, 1, '{_mine.Id}', 'openai', 'mine', 'm', '\\x00', '{{}}', now(), NULL)", "23503");
        await RefusedAsync("lekhika_worker", $"{call} VALUES (gen_random_uuid(), '{_mine.Id}', '{_mine.UserId}', 'n', 9, 1, '{_mine.Id}', 'openai', 'mine', 'm', '\\x00', '{{}}', now(), '{_theirs.Id}')", "23503");
        var engine = await _theirs.AskAsync<Guid>("SELECT user_engine_id FROM engine_executions WHERE id = $1");
        await RefusedAsync("lekhika_api", $"INSERT INTO engine_executions (id, user_id, user_engine_id, workflow_version_id, title, formats) SELECT gen_random_uuid(), user_id, '{engine}', workflow_version_id, 't', '{{}}' FROM engine_executions LIMIT 1", "23503");
    }

    [Theory]
    [InlineData("role", "'superadmin'")]
    [InlineData("level_id", "(SELECT id FROM levels WHERE key = 'enterprise')")]
    [InlineData("email", "'x@example.org'")]
    [InlineData("is_active", "true")]
    public async Task No_request_raises_itself(string column, string value) => await RefusedAsync("lekhika_api", $"UPDATE users SET {column} = {value}", "42501");

    [Theory]
    [InlineData("levels")]
    [InlineData("ai_flows")]
    [InlineData("ai_engines")]
    [InlineData("queue_controls")]
    public async Task No_service_writes_the_platforms_tables(string table)
    {
        foreach (var role in new[] { "lekhika_api", "lekhika_worker", "lekhika_exporter" })
        {
            (await _stores.Database.AskAsync<bool>("SELECT has_any_column_privilege($1::text, $2::regclass, 'UPDATE') OR has_any_column_privilege($1::text, $2::regclass, 'INSERT')", role, table)).ShouldBeFalse($"{role}, {table}");
        }
    }

    private const string PlatformsProvider = "INSERT INTO ai_providers (id, name, provider) VALUES (gen_random_uuid(), 'platforms', 'openai')";

    [Theory]
    [InlineData(PlatformsProvider)]
    [InlineData("INSERT INTO ai_model_metadata (id, provider_id, model_id, display_name) SELECT gen_random_uuid(), id, 'x', 'X' FROM ai_providers WHERE user_id IS NULL")]
    [InlineData("INSERT INTO ai_model_prices (id, model_id, version, input_per_million, output_per_million) SELECT gen_random_uuid(), id, 9, 1, 1 FROM ai_model_metadata WHERE user_id IS NULL")]
    [InlineData("INSERT INTO ai_provider_secrets (provider_id, protected) SELECT id, 'p' FROM ai_providers WHERE user_id IS NULL")]
    [InlineData("INSERT INTO ai_model_preferences (id, models) VALUES (gen_random_uuid(), '{offline:offline-author}')")]
    [InlineData("INSERT INTO content_policies (words) VALUES ('{x}') ON CONFLICT (user_id) DO UPDATE SET words = '{x}'")]
    [InlineData("INSERT INTO prompt_templates (id, kind, version, created_by) SELECT gen_random_uuid(), 'bible', count(*) + 1, app_user_id() FROM prompt_templates")]
    [InlineData("UPDATE ai_providers SET is_active = false WHERE user_id IS NULL")]
    [InlineData("UPDATE ai_model_metadata SET is_active = false WHERE user_id IS NULL")]
    public async Task The_platforms_rows_of_models_are_written_by_administrators_only(string sql)
    {
        await using var source = Stores.Source(_stores.Database.Api);
        var database = new TenantDatabase(source);

        (await WrittenAsync(database.For(_mine.UserId), sql)).ShouldBe(0);
        (await WrittenAsync(database.ForAdmin(_mine.UserId), sql)).ShouldBe(0, "a user is none");
        foreach (var (role, active, rows) in new[] { ("admin", true, 1), ("superadmin", true, 1), ("admin", false, 0) })
        {
            await _stores.Database.ExecuteAsync("UPDATE users SET role = $2, is_active = $3 WHERE id = $1", _mine.UserId, role, active);
            (await WrittenAsync(database.ForAdmin(_mine.UserId), sql)).ShouldBe(rows, $"{role}, active: {active}");
            (await WrittenAsync(database.ForAdmin(_theirs.UserId), sql)).ShouldBe(0, "the role is its user's alone");
        }

        await _stores.Database.ExecuteAsync("UPDATE users SET role = 'user', is_active = true WHERE id = $1", _mine.UserId);
    }

    [Fact]
    public async Task An_administrator_writes_no_other_users_rows()
    {
        await _stores.Database.ExecuteAsync("UPDATE users SET role = 'admin' WHERE id = $1", _mine.UserId);
        await using var source = Stores.Source(_stores.Database.Api);
        await using var batch = new TenantDatabase(source).ForAdmin(_mine.UserId);

        var seen = await batch.Add("SELECT DISTINCT user_id FROM ai_providers WHERE user_id IS NOT NULL").ListAsync(row => row.GetGuid(0), CancellationToken.None);

        seen.ShouldBe([_mine.UserId]);
        await _stores.Database.ExecuteAsync("UPDATE users SET role = 'user' WHERE id = $1", _mine.UserId);
    }

    [Fact]
    public async Task The_Api_writes_keys_of_providers_and_cannot_read_them_back()
    {
        await RefusedAsync("lekhika_api", "SELECT protected FROM ai_provider_secrets", "42501");
        await RefusedAsync("lekhika_api", "UPDATE ai_provider_secrets SET protected = 'x' RETURNING protected", "42501");
        await using var connection = await OpenAsync("lekhika_worker");
        (await CountAsync(connection, _mine.UserId, "SELECT count(protected) FROM ai_provider_secrets")).ShouldBe(1);
        await RefusedAsync("lekhika_worker", "UPDATE ai_provider_secrets SET protected = 'x'", "42501");
        await RefusedAsync("lekhika_exporter", "SELECT provider_id FROM ai_provider_secrets", "42501");
    }

    [Theory]
    [InlineData("ai_providers", "user_id")]
    [InlineData("ai_providers", "name")]
    [InlineData("ai_providers", "provider")]
    [InlineData("ai_model_metadata", "user_id")]
    [InlineData("ai_model_metadata", "provider_id")]
    [InlineData("ai_model_prices", "input_per_million")]
    [InlineData("ai_model_preferences", "user_id")]
    [InlineData("content_policies", "user_id")]
    [InlineData("ai_provider_secrets", "provider_id")]
    [InlineData("data_protection_keys", "xml")]
    [InlineData("prompt_templates", "version")]
    [InlineData("prompt_templates", "system_text")]
    [InlineData("engine_executions", "prompt_versions")]
    public async Task What_a_row_is_known_by_never_changes(string table, string column) => await RefusedAsync("lekhika_api", $"UPDATE {table} SET {column} = DEFAULT", "42501");

    [Fact]
    public async Task Prompts_of_the_platform_are_never_changed_nor_written_by_a_worker_nor_in_another_s_name()
    {
        await RefusedAsync("lekhika_api", "DELETE FROM prompt_templates", "42501");
        await RefusedAsync("lekhika_worker", $"INSERT INTO prompt_templates (id, kind, version, created_by) VALUES (gen_random_uuid(), 'cover', 1, '{_mine.UserId}')", "42501");
        await RefusedAsync("lekhika_worker", "UPDATE engine_executions SET prompt_versions = '{}'", "42501");
        await _stores.Database.ExecuteAsync("UPDATE users SET role = 'admin' WHERE id = $1", _mine.UserId);
        await using var source = Stores.Source(_stores.Database.Api);

        (await WrittenAsync(new TenantDatabase(source).ForAdmin(_mine.UserId), $"INSERT INTO prompt_templates (id, kind, version, created_by) VALUES (gen_random_uuid(), 'cover', 1, '{_theirs.UserId}')")).ShouldBe(0);

        await _stores.Database.ExecuteAsync("UPDATE users SET role = 'user' WHERE id = $1", _mine.UserId);
    }

    /// <summary>Versions never change; a user's own are made by the Api, a master's by nobody but a superadmin.</summary>
    [Fact]
    public async Task A_version_of_a_workflow_is_made_by_the_Api_for_its_own_tenant_only()
    {
        foreach (var role in new[] { "lekhika_api", "lekhika_worker", "lekhika_exporter" })
        {
            (await _stores.Database.AskAsync<bool>("SELECT has_any_column_privilege($1::text, 'workflow_versions'::regclass, 'UPDATE')", role)).ShouldBeFalse(role);
            (await _stores.Database.AskAsync<bool>("SELECT has_any_column_privilege($1::text, 'workflow_versions'::regclass, 'INSERT')", role)).ShouldBe(role == "lekhika_api", role);
        }

        await using (var connection = await OpenAsync("lekhika_api"))
        {
            (await CountAsync(connection, _mine.UserId, $"WITH made AS (INSERT INTO workflow_versions (id, user_id, definition) VALUES (gen_random_uuid(), '{_mine.UserId}', '{{}}') RETURNING 1) SELECT count(*) FROM made")).ShouldBe(1);
        }

        await RefusedAsync("lekhika_api", $"INSERT INTO workflow_versions (id, user_id, definition) VALUES (gen_random_uuid(), '{_theirs.UserId}', '{{}}')", "42501");
        await RefusedAsync("lekhika_api", "INSERT INTO workflow_versions (id, user_id, definition) VALUES (gen_random_uuid(), NULL, '{}')", "42501");
        var engine = await _theirs.AskAsync<Guid>("SELECT user_engine_id FROM engine_executions WHERE id = $1");
        await RefusedAsync("lekhika_api", $"INSERT INTO workflow_versions (id, user_id, definition, user_engine_id) VALUES (gen_random_uuid(), '{_mine.UserId}', '{{}}', '{engine}')", "23503");
    }

    [Fact]
    public async Task A_tenant_does_not_stay_on_a_pooled_connection()
    {
        await using var source = Stores.Source(new NpgsqlConnectionStringBuilder(_stores.Database.Api) { MaxPoolSize = 1, NoResetOnClose = true }.ConnectionString);
        var database = new TenantDatabase(source);

        for (var round = 0; round < 3; round++)
        {
            foreach (var run in new[] { _mine, _theirs })
            {
                await using var batch = database.For(run.UserId);
                (await batch.Add("SELECT id FROM engine_executions").ListAsync(row => row.GetGuid(0), CancellationToken.None)).ShouldBe([run.Id]);
                await using var after = source.CreateCommand("SELECT count(*) FROM engine_executions");
                (await after.ExecuteScalarAsync()).ShouldBe(0L);
            }
        }
    }

    [Fact]
    public async Task A_batch_is_all_or_nothing_and_says_so_whichever_statement_fails()
    {
        await using var source = Stores.Source(_stores.Database.Api);
        const string insert = "UPDATE users SET full_name = 'changed' RETURNING 1";

        await using (var batch = new TenantDatabase(source).For(_mine.UserId))
        {
            await Should.ThrowAsync<PostgresException>(() => batch.Add(insert).Add("SELECT 1 / (SELECT 0)").ExecuteAsync(CancellationToken.None));
        }

        await using (var batch = new TenantDatabase(source).For(_mine.UserId))
        {
            await Should.ThrowAsync<PostgresException>(() => batch.Add(insert).Add("SELECT 1 / (SELECT 0)").ListAsync(row => row.GetInt32(0), CancellationToken.None));
        }

        (await _stores.Database.AskAsync<long>("SELECT count(*) FROM users WHERE full_name = 'changed'")).ShouldBe(0);
    }

    /// <summary>How many rows a statement writes, 0 also when it is refused. The figure comes as an error, so that nothing stays.</summary>
    private static async Task<int> WrittenAsync(TenantBatch batch, string sql)
    {
        await using (batch)
        {
            var error = await Should.ThrowAsync<PostgresException>(() => batch.Add($"WITH written AS ({sql} RETURNING 1) SELECT ('rows:' || count(*))::int FROM written").ExecuteAsync(CancellationToken.None));
            return error.SqlState == PostgresErrorCodes.InsufficientPrivilege ? 0 : int.Parse(error.MessageText.Split("rows:")[1].TrimEnd('"'));
        }
    }

    private Task<string[]?> OpenTablesAsync() => _stores.Database.AskAsync<string[]>("""
        SELECT array_agg(relname::text) FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'f', 'm', 'v') AND relname <> 'schema_migrations'
          AND NOT (relkind IN ('r', 'p') AND relrowsecurity AND relforcerowsecurity)
        """);

    private async Task RefusedAsync(string role, string sql, string state, string setting = "app.user_id")
    {
        await using var connection = await OpenAsync(role);
        (await Should.ThrowAsync<PostgresException>(() => CountAsync(connection, _mine.UserId.ToString(), sql, setting), sql)).SqlState.ShouldBe(state, sql);
    }

    private async Task<List<(string Table, string Owner)>> TenantTablesAsync(string? reader = null)
    {
        var tables = await _stores.Database.AskAsync<string[]>($"""
            SELECT array_agg(c.relname::text ORDER BY c.relname) FROM pg_class c
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND ({HasOwner} OR c.relname = 'users')
              AND ($1 = '' OR has_table_privilege(nullif($1, ''), c.oid, 'SELECT'))
            """, reader ?? "");
        return [.. tables!.Select(table => (table, table == "users" ? "id" : "user_id"))];
    }

    private async Task<NpgsqlConnection> OpenAsync(string role)
    {
        var connection = new NpgsqlConnection(role switch { "lekhika_api" => _stores.Database.Api, "lekhika_worker" => _stores.Database.Worker, _ => _stores.Database.Exporter });
        await connection.OpenAsync();
        return connection;
    }

    private static Task<long> CountAsync(NpgsqlConnection connection, Guid? tenant, string sql) => CountAsync(connection, tenant?.ToString(), sql, "app.user_id");

    private static async Task<long> CountAsync(NpgsqlConnection connection, string? tenants, string sql, string setting)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        if (tenants is not null)
        {
            await using var set = new NpgsqlCommand("SELECT set_config($2, $1, true)", connection, transaction);
            set.Parameters.Add(new NpgsqlParameter { Value = tenants, NpgsqlDbType = NpgsqlDbType.Text });
            set.Parameters.Add(new NpgsqlParameter { Value = setting, NpgsqlDbType = NpgsqlDbType.Text });
            await set.ExecuteNonQueryAsync();
        }

        await using var command = new NpgsqlCommand(sql, connection, transaction);
        return await command.ExecuteScalarAsync() is long count ? count : 0;
    }
}
