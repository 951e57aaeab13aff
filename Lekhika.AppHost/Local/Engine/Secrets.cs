using System.Text.Json;

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
            Write(values);
        }

        return value;
    }

    private void Write(SortedDictionary<string, string> values)
    {
        var fresh = file + ".new";
        File.Delete(fresh);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var stream = new FileStream(fresh, options))
        {
            JsonSerializer.Serialize(stream, values, Indented);
            stream.Flush(flushToDisk: true);
        }

        File.Move(fresh, file, overwrite: true);
    }
}
