using Lekhika.Core;
using Lekhika.Core.Policies;
using Lekhika.Persistence.Tenancy;
using Npgsql;

namespace Lekhika.Persistence.Policies;

/// <summary>A row of <c>content_policies</c>.</summary>
public sealed record StoredPolicy(PolicySettings Settings, DateTime UpdatedAt);

/// <summary>What the platform has said about content, and what the user has; null where nothing was.</summary>
public sealed record StoredPolicies(StoredPolicy? Platform, StoredPolicy? Own)
{
    internal const string Columns = "user_id IS NULL, categories::text, words, updated_at";

    /// <summary>Both rows, as the tenant of the batch sees them.</summary>
    internal const string Select = $"SELECT {Columns} FROM content_policies";

    /// <summary>What counts for the user.</summary>
    public ContentPolicy Effective => ContentPolicy.Of(Platform?.Settings, Own?.Settings);

    /// <summary>From the rows of <see cref="Select"/> on which the reader stands.</summary>
    internal static async Task<StoredPolicies> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var rows = await reader.RowsAsync(Read, cancellationToken);
        return new(rows.Find(row => row.IsPlatforms).Policy, rows.Find(row => !row.IsPlatforms).Policy);
    }

    internal static (bool IsPlatforms, StoredPolicy Policy) Read(NpgsqlDataReader row) =>
        (row.GetBoolean(0), new(new PolicySettings(Json.Read<Dictionary<string, bool>>(row.GetString(1)), row.GetFieldValue<string[]>(2)), row.GetDateTime(3)));
}
