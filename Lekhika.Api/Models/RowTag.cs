using Lekhika.Api.Errors;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Lekhika.Api.Models;

/// <summary>The version of a row as an ETag: when it was last changed, in the database's microseconds.</summary>
internal static class RowTag
{
    public static void Set(HttpResponse response, DateTime updatedAt) => response.Headers.ETag = new EntityTagHeaderValue($"\"{updatedAt.Ticks:x}\"").ToString();

    /// <summary>What the caller takes to be the row's last change; null when any will do. False when the header says something else.</summary>
    public static bool TryReadSeen(HttpRequest request, out DateTime? seen)
    {
        seen = null;
        if (StringValues.IsNullOrEmpty(request.Headers.IfMatch) || request.Headers.IfMatch == "*")
        {
            return true;
        }

        if (EntityTagHeaderValue.TryParseList(request.Headers.IfMatch, out var tags) && tags is [{ IsWeak: false } tag]
            && long.TryParse(tag.Tag.AsSpan().Trim('"'), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var ticks)
            && ticks >= DateTime.UnixEpoch.Ticks && ticks <= DateTime.MaxValue.Ticks)
        {
            seen = new DateTime(ticks, DateTimeKind.Utc);
            return true;
        }

        return false;
    }
}

/// <summary>The refusals that providers, models and preferences share.</summary>
internal static class RowRefusals
{
    public static Refusal Of(Persistence.Models.RowOutcome outcome, Refusal notFound, Refusal tooMany) => outcome switch
    {
        Persistence.Models.RowOutcome.NotAllowed => Refusals.AdminRequired,
        Persistence.Models.RowOutcome.Conflict => Refusals.RowConflict,
        Persistence.Models.RowOutcome.Taken => Refusals.NameTaken,
        Persistence.Models.RowOutcome.TooMany => tooMany,
        Persistence.Models.RowOutcome.SecretSet => Refusals.SecretSet,
        _ => notFound,
    };
}
