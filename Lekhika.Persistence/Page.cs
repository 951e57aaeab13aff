namespace Lekhika.Persistence;

/// <summary>A place in a list that is ordered from the newest to the oldest: after the row with these values.</summary>
/// <param name="CreatedAt">UTC, in the database's microseconds.</param>
public readonly record struct PagePosition(DateTime CreatedAt, Guid Id);

/// <summary>What part of a list is asked for.</summary>
/// <param name="After">Where the page before ended; null for the first page.</param>
/// <param name="Size">Most rows of the page.</param>
public readonly record struct PageRequest(PagePosition? After, int Size);

/// <summary>A part of a list.</summary>
/// <param name="Next">Where the next page starts, or null when this was the last one.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, PagePosition? Next)
{
    /// <summary>The page of rows that were read with one more than asked for: the one too many tells that there is a next page.</summary>
    internal static Page<T> Of(List<T> rows, int size, Func<T, PagePosition> position) =>
        rows.Count <= size ? new(rows, null) : new(rows[..size], position(rows[size - 1]));
}
