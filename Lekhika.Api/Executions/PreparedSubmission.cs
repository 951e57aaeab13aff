using Lekhika.Api.Keys;
using Lekhika.Persistence.Identity;
using Lekhika.Persistence.Submissions;

namespace Lekhika.Api.Executions;

/// <summary>Has what a submission is checked against read with its key; the request keeps it as a feature (<see cref="SubmissionGround"/>) of whoever shows the key.</summary>
internal sealed class PreparedSubmission : IKeyLookUp
{
    public async Task<KeyHolder?> FindAsync(HttpContext context, byte[] keyHash)
    {
        if (!Guid.TryParse(context.GetRouteValue("userEngineId") as string, out var userEngineId) || !IdempotencyKey.TryRead(context.Request, out var idempotencyKey))
        {
            return await context.RequestServices.GetRequiredService<ApiKeyStore>().FindAsync(keyHash, context.RequestAborted);
        }

        var submissions = context.RequestServices.GetRequiredService<KeyedSubmissionStore>();
        if (await submissions.FindAsync(keyHash, userEngineId, idempotencyKey, context.RequestAborted) is not var (holder, ground))
        {
            return null;
        }

        context.Features.Set(ground);
        return holder;
    }
}
