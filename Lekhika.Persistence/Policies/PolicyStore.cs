using Lekhika.Core;
using Lekhika.Core.Policies;
using Lekhika.Persistence.Models;
using Lekhika.Persistence.Tenancy;

namespace Lekhika.Persistence.Policies;

/// <summary>What the platform and users will not have written.</summary>
public sealed class PolicyStore(TenantDatabase database)
{
    private const string Put = $"""
        INSERT INTO content_policies (user_id, categories, words)
        SELECT CASE WHEN $1 THEN NULL ELSE app_user_id() END, $2, $3 WHERE NOT $1 OR {ModelSql.IsAdmin}
        ON CONFLICT (user_id) DO UPDATE SET categories = $2, words = $3, updated_at = now()
        RETURNING {StoredPolicies.Columns}
        """;

    /// <summary>The platform's policy and the user's own.</summary>
    public async Task<StoredPolicies> ReadAsync(Guid userId, CancellationToken cancellationToken) => (await ReadForAsync(userId, cancellationToken)).Policies;

    /// <summary>The same, and whether the user is an administrator.</summary>
    public async Task<(StoredPolicies Policies, bool IsAdmin)> ReadForAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var batch = database.ForAdmin(userId);
        await using var reader = await batch.Add($"SELECT {ModelSql.IsAdmin}").Add(StoredPolicies.Select).ReadAsync(cancellationToken);
        var isAdmin = await reader.RowsAsync(row => row.GetBoolean(0), cancellationToken);
        return (await StoredPolicies.ReadAsync(reader, cancellationToken), isAdmin[0]);
    }

    /// <summary>Replaces the platform's policy, or the user's own.</summary>
    /// <param name="settings">Good ones (<see cref="PolicySettings.Faults"/>).</param>
    /// <returns>Whether it was allowed.</returns>
    public async Task<bool> PutAsync(Guid userId, bool isPlatforms, PolicySettings settings, CancellationToken cancellationToken)
    {
        await using var batch = database.ForAdmin(userId);
        var put = await batch.Add(Put, Sql.Value(isPlatforms), Sql.Json(Json.Write(settings.Categories)), Sql.Value(settings.Words.ToArray()))
            .ListAsync(StoredPolicies.Read, cancellationToken);
        return put.Count > 0;
    }
}
