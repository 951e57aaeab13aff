using System.Security.Cryptography;
using Lekhika.Testing.Runs;

namespace Lekhika.Exporter.Tests.Jobs;

/// <summary>Gives runs pictures, as a worker keeps them.</summary>
internal static class PaintedRun
{
    /// <summary>A picture of a node's step, kept for the run.</summary>
    public static async Task<Guid> PaintAsync(this QueuedRun run, string node, int item, byte[] content, int generation = 1)
    {
        var (id, hash) = (Guid.CreateVersion7(), SHA256.HashData(content));
        await run.Database.ExecuteAsync("INSERT INTO asset_contents (user_id, sha256, content) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", run.UserId, hash, content);
        await run.Database.ExecuteAsync("""
            INSERT INTO assets (id, execution_id, user_id, node_id, item, generation, kind, sha256, media_type, bytes, width, height, prompt, alt_text, provider, model, licence)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'image/png', $9, 100, 100, 'A lamp.', $10, 'easel', 'canvas-1', 'Yours.')
            """, id, run.Id, run.UserId, node, item, generation, node.StartsWith("cover", StringComparison.Ordinal) ? "cover" : "image", hash, content.Length, $"A lamp of {node}, {item}");
        return id;
    }
}
