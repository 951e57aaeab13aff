using System.Buffers.Binary;
using System.Buffers.Text;
using System.ComponentModel;
using FluentValidation;
using Lekhika.Persistence;
using Microsoft.AspNetCore.Mvc;

namespace Lekhika.Api.Http;

/// <summary>Which part of a list is asked for.</summary>
internal sealed record PageQuery(
    [FromQuery(Name = "limit")][property: Description("Most entries of the page, 1 to 100; 50 when absent.")] int? Limit,
    [FromQuery(Name = "cursor")][property: Description("The field nextCursor of the page before.")] string? Cursor)
{
    public PageRequest Request => new(Cursor is null ? null : PageCursor.Read(Cursor), Limit ?? 50);
}

internal sealed class PageQueryValidator : AbstractValidator<PageQuery>
{
    public PageQueryValidator()
    {
        RuleFor(query => query.Limit).InclusiveBetween(1, 100);
        RuleFor(query => query.Cursor).Must(cursor => cursor is null || PageCursor.Read(cursor) is not null)
            .WithMessage("This is not the nextCursor of another page.");
    }
}

/// <summary>A place in a list as an opaque word: eight bytes of time, sixteen of id.</summary>
internal static class PageCursor
{
    private const int Length = 24;

    public static string? Write(PagePosition? position)
    {
        if (position is not { } place)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, place.CreatedAt.Ticks);
        place.Id.TryWriteBytes(bytes[8..]);
        return Base64Url.EncodeToString(bytes);
    }

    public static PagePosition? Read(string cursor)
    {
        Span<byte> bytes = stackalloc byte[Length];
        if (cursor.Length != Base64Url.GetEncodedLength(Length) || !Base64Url.TryDecodeFromChars(cursor, bytes, out var written) || written != Length)
        {
            return null;
        }

        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes);
        return ticks < DateTime.UnixEpoch.Ticks || ticks > DateTime.MaxValue.Ticks ? null : new PagePosition(new DateTime(ticks, DateTimeKind.Utc), new Guid(bytes[8..]));
    }
}
