using Lekhika.Testing.Servers;
using Npgsql;

namespace Lekhika.Testing.Tests;

public sealed class TestDatabaseSpecs
{
    [Fact]
    public async Task Each_database_is_migrated_and_nobody_elses()
    {
        await using var one = await TestDatabase.CreateAsync();
        await using var other = await TestDatabase.CreateAsync();

        await one.ExecuteAsync("CREATE TABLE only_here (id int)");

        (await one.AskAsync<bool>("SELECT to_regclass('schema_migrations') IS NOT NULL")).ShouldBeTrue();
        (await other.AskAsync<bool>("SELECT to_regclass('only_here') IS NOT NULL")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("lekhika_api")]
    [InlineData("lekhika_worker")]
    [InlineData("lekhika_exporter")]
    public async Task A_service_connects_as_its_own_role(string role)
    {
        await using var database = await TestDatabase.CreateAsync();
        var address = role switch { "lekhika_api" => database.Api, "lekhika_worker" => database.Worker, _ => database.Exporter };

        await using var connection = new NpgsqlConnection(address);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT current_user::text", connection);

        (await command.ExecuteScalarAsync()).ShouldBe(role);
    }

    [Fact]
    public async Task A_disposed_database_is_gone_though_somebody_is_connected()
    {
        var database = await TestDatabase.CreateAsync();
        await using var connection = new NpgsqlConnection(database.Worker);
        await connection.OpenAsync();

        await database.DisposeAsync();

        (await Should.ThrowAsync<PostgresException>(() => database.AskAsync<int>("SELECT 1"))).SqlState.ShouldBe(PostgresErrorCodes.InvalidCatalogName);
    }

    [Fact]
    public async Task Waiting_for_what_never_comes_says_what_was_awaited()
    {
        await using var database = await TestDatabase.CreateAsync();

        var error = await Should.ThrowAsync<TimeoutException>(() => database.UntilAsync("SELECT 1 = 2", within: TimeSpan.FromMilliseconds(50)));

        error.Message.ShouldContain("SELECT 1 = 2");
    }
}
