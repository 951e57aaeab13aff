using Aspire.Hosting.ApplicationModel;
using Lekhika.AppHost.Local.Servers;
using Npgsql;

namespace Lekhika.AppHost.Local.Engine;

/// <summary>How PostgreSQL and Redis are started for their resources. After a crash they come back on their port, with their data.</summary>
internal static class ServerLaunches
{
    public static Launch Of(PostgresServerResource resource, string dataDirectory, Action<string> onLine)
    {
        if (!resource.All<DataVolumeAnnotation>().Any())
        {
            throw new NotSupportedException($"The local engine keeps PostgreSQL's data: add WithDataVolume() to '{resource.Name}'.");
        }

        PostgresServer? server = null;
        return new Launch(
            async cancellationToken =>
            {
                if (server is null)
                {
                    var password = (await resource.PasswordParameter.GetValueAsync(cancellationToken))!;
                    server = await PostgresServer.StartAsync(
                        new PostgresOptions(ServerAccount.FolderFor(dataDirectory, resource.Name), password) { Port = PortOf(resource.Endpoint), OnLine = onLine }, cancellationToken);
                    resource.Endpoint.Allocate(server.Port);
                }
                else
                {
                    await server.StartAgainAsync(cancellationToken);
                }

                return new Running(server.ProcessId, $"tcp://127.0.0.1:{server.Port}", server.Exited, server.StopAsync);
            },
            async cancellationToken => await AnswersAsync(server!.ConnectionString, cancellationToken),
            Restarts: true);
    }

    public static Launch Of(RedisResource resource, string dataDirectory, Action<string> onLine)
    {
        RedisServer? server = null;
        string password = "";
        return new Launch(
            async cancellationToken =>
            {
                if (server is null)
                {
                    password = (await resource.PasswordParameter!.GetValueAsync(cancellationToken))!;
                    server = await RedisServer.StartAsync(
                        new RedisOptions(Path.Combine(dataDirectory, resource.Name), password)
                        {
                            Port = PortOf(resource.Endpoint),
                            Persistent = resource.All<DataVolumeAnnotation>().Any(),
                            OnLine = onLine,
                        },
                        cancellationToken);
                    resource.Endpoint.Allocate(server.Port);
                }
                else
                {
                    await server.StartAgainAsync(cancellationToken);
                }

                return new Running(server.ProcessId, $"tcp://127.0.0.1:{server.Port}", server.Exited, server.StopAsync);
            },
            cancellationToken => RedisPing.SucceedsAsync(server!.Port, password, cancellationToken),
            Restarts: true);
    }

    private static int PortOf(EndpointAnnotation endpoint) => endpoint.Port is { } port ? FreePort.Prefer(port) : 0;

    private static async Task<bool> AnswersAsync(string connectionString, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync(cancellationToken);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
