using Lekhika.Persistence.Tenancy;
using Lekhika.Testing.Servers;
using Npgsql;

namespace Lekhika.Persistence.Tests.Tenancy;

public sealed class RoleGuardSpecs : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task No_connection_is_opened_as_a_superuser()
    {
        await using var source = Stores.Source(_database.Admin);

        (await Should.ThrowAsync<UnboundRoleException>(async () => await source.OpenConnectionAsync())).Message.ShouldContain("'postgres' is a superuser or may bypass row-level security");
        Should.Throw<UnboundRoleException>(() => source.OpenConnection());
    }

    [Fact]
    public async Task No_connection_is_opened_as_a_role_that_may_bypass_row_security()
    {
        var role = $"bypass_{Guid.NewGuid():N}";
        await _database.ExecuteAsync($"CREATE ROLE {role} LOGIN BYPASSRLS PASSWORD 'test'");
        try
        {
            await using var source = Stores.Source(new NpgsqlConnectionStringBuilder(_database.Admin) { Username = role, Password = "test" }.ConnectionString);

            await Should.ThrowAsync<UnboundRoleException>(async () => await source.OpenConnectionAsync());
        }
        finally
        {
            await _database.ExecuteAsync($"DROP ROLE {role}");
        }
    }

    [Fact]
    public async Task A_services_role_passes()
    {
        await using var source = Stores.Source(_database.Exporter);

        await using var connection = await source.OpenConnectionAsync();

        connection.State.ShouldBe(System.Data.ConnectionState.Open);
    }
}
