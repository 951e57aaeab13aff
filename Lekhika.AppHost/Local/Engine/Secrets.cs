using System.Text.Json;
using Lekhika.AppHost.Local.Servers;

namespace Lekhika.AppHost.Local.Engine;

/// <summary>Generated values that must be the same at the next start, in a file that only its owner can read.</summary>
internal sealed class Secrets(string file)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public string GetOrAdd(string name, Func<string> create)
    {
        var values = File.Exists(file) ? JsonSerializer.Deserialize<SortedDictionary<string, string>>(File.ReadAllText(file))! : [];
        if (!values.TryGetValue(name, out var value))
        {
            values[name] = value = create();
            OwnersFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(values, Indented));
        }

        return value;
    }
}
