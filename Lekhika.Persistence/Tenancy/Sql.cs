using Npgsql;
using NpgsqlTypes;

namespace Lekhika.Persistence.Tenancy;

/// <summary>Parameters and rows, said shortly.</summary>
internal static class Sql
{
    public static NpgsqlParameter Value<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };

    /// <summary>An array of one value of each row.</summary>
    public static NpgsqlParameter Array<TRow, T>(IReadOnlyCollection<TRow> rows, Func<TRow, T> value)
    {
        var values = new T[rows.Count];
        var at = 0;
        foreach (var row in rows)
        {
            values[at++] = value(row);
        }

        return Value(values);
    }

    public static NpgsqlParameter Json(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Jsonb };

    public static NpgsqlParameter JsonArray(string?[] values) => new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb };

    public static NpgsqlParameter OrNull<T>(T? value, NpgsqlDbType type) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = type };

    public static string? Text(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static T? Nullable<T>(this NpgsqlDataReader reader, int column) where T : struct =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<T>(column);

    /// <summary>The rows of the current result; the reader then stands on the next one.</summary>
    public static async Task<List<T>> RowsAsync<T>(this NpgsqlDataReader reader, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(row(reader));
        }

        await reader.NextResultAsync(cancellationToken);
        return rows;
    }
}
