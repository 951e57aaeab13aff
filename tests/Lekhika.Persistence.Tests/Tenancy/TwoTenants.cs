using Lekhika.Testing.Runs;

namespace Lekhika.Persistence.Tests.Tenancy;

/// <summary>A database in which two tenants have a row in every table. Tests that share it leave it as it was.</summary>
public sealed class TwoTenants : IAsyncLifetime
{
    internal Stores Stores { get; private set; } = null!;

    internal QueuedRun Mine { get; private set; } = null!;

    internal QueuedRun Theirs { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Stores = await Stores.StartAsync();
        Mine = await FullAsync();
        Theirs = await FullAsync();
    }

    public async Task DisposeAsync() => await Stores.DisposeAsync();

    private async Task<QueuedRun> FullAsync()
    {
        var run = await Stores.ExportingAsync("txt", "md");
        foreach (var job in await Stores.ClaimExportsAsync(10))
        {
            if ((await Stores.FormatAsync(job)).Key == "txt")
            {
                (await Stores.SucceedAsync(job)).ShouldBeTrue();
            }
        }

        await Stores.Database.ExecuteAsync("INSERT INTO api_keys (id, user_id, name, prefix, hash, scopes) VALUES (gen_random_uuid(), $1, 'k', 'p', sha256($1::text::bytea), '{}')", run.UserId);
        return run;
    }
}
