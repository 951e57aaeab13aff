namespace Lekhika.Testing.Servers;

/// <summary>A corner of the shared Redis: keys and channels below <see cref="Prefix"/> meet nobody else's.</summary>
/// <param name="ConnectionString">In StackExchange.Redis's form.</param>
/// <param name="Prefix">For the setting <c>Signals:Prefix</c>; channels know no database numbers, so the prefix parts tests.</param>
public sealed record TestRedis(string ConnectionString, string Prefix)
{
    /// <summary>A corner of one's own.</summary>
    public static async Task<TestRedis> CreateAsync() =>
        new((await TestServers.SharedAsync()).Redis, $"test-{Guid.NewGuid():N}:");
}
