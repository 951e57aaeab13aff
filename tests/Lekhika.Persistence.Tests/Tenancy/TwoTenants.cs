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
        foreach (var row in new[]
        {
            "regenerations (execution_id, user_id, node_id, item, generation) VALUES ($1, $2, 'writer', 1, 2)",
            "previews (execution_id, user_id, node_id, generation, content) VALUES ($1, $2, 'preview', 1, '{}')",
            "chapter_scenes (execution_id, user_id, node_id, item, generation, scene, content) VALUES ($1, $2, 'writer', 1, 1, 1, 'A scene.')",
            "dead_letters (execution_id, user_id, error_class, message) VALUES ($1, $2, 'permanent', 'It broke.')",
        })
        {
            await Stores.Database.ExecuteAsync($"INSERT INTO {row}", run.Id, run.UserId);
        }

        return run;
    }
}
