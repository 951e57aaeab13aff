using Lekhika.Worker.Internal.Http;

namespace Lekhika.Worker.Internal.Queue;

/// <summary>What the original offered here and nobody should: the answer says why, and what to do instead.</summary>
internal static class NotOfferedEndpoints
{
    private static readonly Refusal Deletes = new(410, "not_offered", "Nothing is deleted by hand: runs are somebody's work. Cancel one with POST /queue/cancel/{id}.");
    private static readonly Refusal Steers = new(410, "not_offered", "Processes belong to the orchestrator: stop, start or restart the worker there. POST /queue/pause keeps workers from taking runs.");

    public static void MapNotOffered(this IEndpointRouteBuilder app)
    {
        foreach (var address in new[] { "/queue/clear/{set}", "/queue/reset", "/cleanup" })
        {
            app.MapPost(address, () => Deletes);
        }

        foreach (var address in new[] { "/restart", "/stop-worker", "/start-worker" })
        {
            app.MapPost(address, () => Steers);
        }
    }
}
