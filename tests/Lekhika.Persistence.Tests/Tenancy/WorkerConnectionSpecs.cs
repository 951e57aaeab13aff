using Npgsql;

namespace Lekhika.Persistence.Tests.Tenancy;

public sealed class WorkerConnectionSpecs
{
    [Fact]
    public void A_worker_has_few_connections() => Most("Host=127.0.0.1").ShouldBe(PersistenceExtensions.WorkerConnections);

    [Fact]
    public void Who_asks_for_another_number_of_connections_gets_it()
    {
        Most("Host=127.0.0.1;Maximum Pool Size=100").ShouldBe(100);
        Most("Host=127.0.0.1;MaxPoolSize=30").ShouldBe(30);
    }

    private static int Most(string address)
    {
        var builder = new NpgsqlDataSourceBuilder(address);
        PersistenceExtensions.ConfigureWorkerDataSource(builder);
        return builder.ConnectionStringBuilder.MaxPoolSize;
    }
}
