using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;

namespace Lekhika.Exporter.Tests.Markdown;

/// <summary>Records as text, one value a line, with all of their properties at any depth: two are the same exactly when their records are.</summary>
internal static class Dump
{
    public static string Of(object value)
    {
        var text = new StringBuilder();
        Append(text, value, 0);
        return text.ToString();
    }

    /// <summary>Where two dumps differ first, with some lines around it; empty when they are the same.</summary>
    public static string Difference(string one, string other)
    {
        var (left, right) = (one.Split('\n'), other.Split('\n'));
        var at = Enumerable.Range(0, Math.Max(left.Length, right.Length)).FirstOrDefault(i => left.ElementAtOrDefault(i) != right.ElementAtOrDefault(i), -1);
        return at < 0 ? "" : $"{string.Join('\n', left.Skip(at - 10).Take(18))}\n--- but ---\n{string.Join('\n', right.Skip(at - 3).Take(10))}";
    }

    private static void Append(StringBuilder text, object? value, int depth)
    {
        text.Append(' ', depth);
        switch (value)
        {
            case null: text.Append("null\n"); break;
            case string words: text.Append(JsonSerializer.Serialize(words)).Append('\n'); break;
            case ReadOnlyMemory<byte> bytes: text.Append(Convert.ToBase64String(bytes.Span)).Append('\n'); break;
            case IDictionary map: AppendAll(text, "map", map.Keys.Cast<string>().Order(StringComparer.Ordinal).SelectMany(key => new[] { key, map[key] }), depth); break;
            case IEnumerable list: AppendAll(text, "list", list.Cast<object?>(), depth); break;
            case IFormattable simple: text.Append(simple.ToString(simple is DateTimeOffset ? "O" : null, CultureInfo.InvariantCulture)).Append('\n'); break;
            case bool truth: text.Append(truth).Append('\n'); break;
            default:
                var properties = value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.Name != "Words").OrderBy(property => property.Name, StringComparer.Ordinal);
                AppendAll(text, value.GetType().Name, properties.SelectMany(property => new[] { property.Name, property.GetValue(value) }), depth);
                break;
        }
    }

    private static void AppendAll(StringBuilder text, string name, IEnumerable<object?> values, int depth)
    {
        text.Append(name).Append('\n');
        foreach (var value in values)
        {
            Append(text, value, depth + 1);
        }
    }
}
