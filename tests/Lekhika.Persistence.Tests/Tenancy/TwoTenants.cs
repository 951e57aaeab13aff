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

        foreach (var row in new[]
        {
            "ai_providers (user_id, id, name, provider) VALUES ($1, $2, 'mine', 'openai')",
            "ai_provider_secrets (user_id, provider_id, protected) VALUES ($1, $2, 'p')",
            "ai_model_metadata (user_id, id, provider_id, model_id, display_name) VALUES ($1, $2, $2, 'm', 'M')",
            "ai_model_prices (user_id, id, model_id, version, input_per_million, output_per_million) VALUES ($1, $2, $2, 1, 1, 2)",
            "ai_model_preferences (user_id, id, models) VALUES ($1, $2, '{mine:m}')",
            "themes (user_id, id, name, settings) VALUES ($1, $2, 'House', '{}')",
            "content_policies (user_id, words) SELECT $1, ARRAY[$2::uuid::text]",
            "file_objects (user_id, id, export_job_id, attempt, bucket, key) SELECT $1, $2, id, 1, 'books', 'files/1' FROM export_jobs WHERE execution_id = $2 AND format = 'md'",
            "asset_contents (user_id, sha256, content) SELECT $1, sha256($2::uuid::text::bytea), 'x'",
            "assets (user_id, id, execution_id, node_id, item, generation, kind, sha256, media_type, bytes, width, height, prompt, alt_text, provider, model, licence) SELECT $1, $2, $2, 'n', 0, 1, 'cover', sha256($2::uuid::text::bytea), 'image/png', 1, 1, 1, 'p', 'a', 'mine', 'm', 'l'",
            "ai_calls (user_id, id, execution_id, node_id, item, generation, attempt, operation, task, provider, provider_name, own_key, model_asked, status, started_at) VALUES ($1, $2, $2, 'n', 1, 1, 1, 'chat', 't', 'openai', 'mine', true, 'm', 'started', now())",
            "preflight_reports (user_id, export_job_id, execution_id, findings, is_complete, errors, warnings, not_checked) SELECT $1, j.id, $2, '[]', true, 0, 0, 0 FROM export_jobs j WHERE j.execution_id = $2 AND j.format = 'txt'",
            "provenance_manifests (user_id, book_id, execution_id, sha256, manifest) SELECT $1, b.id, $2, sha256('{}'), '{}' FROM books b WHERE b.execution_id = $2",
            "ai_batches (user_id, id, execution_id, provider_id, provider, provider_name, model, calls, deadline) VALUES ($1, $2, $2, $2, 'openai', 'mine', 'm', 1, now())",
            "ai_batch_calls (user_id, id, execution_id, node_id, item, generation, provider_id, provider, provider_name, model, inputs, request, deadline, batch_id) VALUES ($1, $2, $2, 'n', 1, 1, $2, 'openai', 'mine', 'm', '\\x00', '{}', now(), $2)",
        })
        {
            // The run's id serves as each one's.
            await Stores.Database.ExecuteAsync($"INSERT INTO {row}", run.UserId, run.Id);
        }

        return run;
    }
}
