using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Lekhika.Persistence.Tenancy;

/// <summary>
/// A service refuses to work as a role that row-level security does not bind. Each new physical connection is asked
/// (<see cref="Configure"/>), so no statement can ever run under such a role; at start-up the refusal ends the process.
/// </summary>
internal sealed partial class RoleGuard(NpgsqlDataSource source, IHostApplicationLifetime lifetime, ILogger<RoleGuard> log) : BackgroundService
{
    public static void Configure(NpgsqlDataSourceBuilder builder)
    {
        // Statements of the pipeline are few and always the same.
        builder.ConnectionStringBuilder.MaxAutoPrepare = 64;
        builder.ConnectionStringBuilder.AutoPrepareMinUsages = 2;
        builder.UsePhysicalConnectionInitializer(Check, CheckAsync);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(stoppingToken);
                return;
            }
            catch (UnboundRoleException refusal)
            {
                Refused(log, refusal.Message);
                Environment.ExitCode = 1;
                lifetime.StopApplication();
                return;
            }
            catch (PostgresException refused) when (refused.SqlState.StartsWith("28", StringComparison.Ordinal) || refused.SqlState == PostgresErrorCodes.InvalidCatalogName)
            {
                Refused(log, $"The database refuses the service's connection: {refused.MessageText}. Check the connection string 'lekhika' and that the migrator has run.");
                Environment.ExitCode = 1;
                lifetime.StopApplication();
                return;
            }
            catch (NpgsqlException)
            {
                // The server is not up yet: health says so, and the next try comes.
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
            }
        }
    }

    private static void Check(NpgsqlConnection connection)
    {
        using var command = Question(connection);
        using var reader = command.ExecuteReader();
        reader.Read();
        Judge(reader);
    }

    private static async Task CheckAsync(NpgsqlConnection connection)
    {
        await using var command = Question(connection);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        Judge(reader);
    }

    private static NpgsqlCommand Question(NpgsqlConnection connection) =>
        new("SELECT rolname::text, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user", connection);

    private static void Judge(NpgsqlDataReader reader)
    {
        if (reader.GetBoolean(1))
        {
            throw new UnboundRoleException(reader.GetString(0));
        }
    }

    [LoggerMessage(LogLevel.Critical, "{Reason}")]
    private static partial void Refused(ILogger log, string reason);
}

/// <summary>The connection string names a role that may pass row-level security.</summary>
public sealed class UnboundRoleException(string role)
    : Exception($"The database role '{role}' is a superuser or may bypass row-level security; give the service its own role (docs/operations.md).");
