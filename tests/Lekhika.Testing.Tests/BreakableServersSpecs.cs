using Lekhika.Testing.Servers;

namespace Lekhika.Testing.Tests;

public sealed class BreakableServersSpecs
{
    [Fact]
    public async Task Data_survive_the_crash_of_a_breakable_Postgres()
    {
        await using var server = await BreakablePostgres.StartAsync();
        await using var database = await TestDatabase.CreateAsync(server.ConnectionString);
        await database.ExecuteAsync("CREATE TABLE kept AS SELECT 7 AS n");

        await server.KillAsync();
        await Should.ThrowAsync<Npgsql.NpgsqlException>(() => database.AskAsync<int>("SELECT n FROM kept"));
        await server.StartAgainAsync();

        (await database.AskAsync<int>("SELECT n FROM kept")).ShouldBe(7);
    }
}
