using System.IO.Compression;
using System.Text;

namespace Lekhika.Exporter.Tests.Preflight;

/// <summary>A ZIP archive, to be written anew with a change.</summary>
internal sealed class Archive
{
    private readonly List<(string Name, byte[] Content)> _entries = [];

    /// <summary>Whether the first entry is stored as it is.</summary>
    public bool StoresFirst { get; set; } = true;

    public static byte[] Change(byte[] content, Action<Archive> change)
    {
        var archive = new Archive();
        using (var zip = new ZipArchive(new MemoryStream(content)))
        {
            foreach (var entry in zip.Entries)
            {
                using var stream = entry.Open();
                var bytes = new MemoryStream();
                stream.CopyTo(bytes);
                archive._entries.Add((entry.FullName, bytes.ToArray()));
            }
        }

        change(archive);
        var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var ((name, bytes), at) in archive._entries.Select((entry, at) => (entry, at)))
            {
                using var stream = zip.CreateEntry(name, at == 0 && archive.StoresFirst ? CompressionLevel.NoCompression : CompressionLevel.Fastest).Open();
                stream.Write(bytes);
            }
        }

        return file.ToArray();
    }

    public void Add(string name, string text) => _entries.Add((name, Encoding.UTF8.GetBytes(text)));

    public void Remove(Func<string, bool> name) => _entries.RemoveAt(_entries.FindIndex(entry => name(entry.Name)));

    /// <summary>Moves the first entry behind the second.</summary>
    public void Swap() => (_entries[0], _entries[1]) = (_entries[1], _entries[0]);

    /// <summary>Replaces text in the first entry that fits and has it; fails when none does.</summary>
    public void Replace(string ending, string text, string by)
    {
        var at = _entries.FindIndex(entry => entry.Name.EndsWith(ending, StringComparison.Ordinal) && Encoding.UTF8.GetString(entry.Content).Contains(text, StringComparison.Ordinal));
        at.ShouldBeGreaterThanOrEqualTo(0, $"{text} in *{ending}");
        var before = Encoding.UTF8.GetString(_entries[at].Content);
        var place = before.IndexOf(text, StringComparison.Ordinal);
        _entries[at] = (_entries[at].Name, Encoding.UTF8.GetBytes(string.Concat(before.AsSpan(0, place), by, before.AsSpan(place + text.Length))));
    }
}
